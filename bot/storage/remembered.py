"""Small things kept for the commands: their names, what was synced, members' last choices, and models' usual times."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from bot.storage.jobs import upsert
from bot.storage.tables.discord import command_names, command_syncs, member_choices
from bot.storage.tables.provider import catalogues, model_timings

TIMINGS_KEPT = 21
"""How many of a model's latest times are kept: enough for a median, few enough to follow a change."""


def load_command_names(conn: Connection) -> dict[str, tuple[str, str]]:
    """Every name ever given: model slug → (command, subcommand)."""
    return {slug: (command, subcommand) for slug, command, subcommand in conn.execute(select(command_names))}


def save_command_names(conn: Connection, names: Mapping[str, tuple[str, str]]) -> None:
    """Remember names that are new; a name that was given stays as it was."""
    rows = [{"model_slug": slug, "command": name[0], "subcommand": name[1]} for slug, name in names.items()]
    if rows:
        conn.execute(upsert(conn)(command_names).on_conflict_do_nothing(), rows)


def synced_hash(conn: Connection, scope: str) -> str | None:
    """The hash of the commands last sent to Discord for a scope."""
    return conn.execute(select(command_syncs.c.content_hash).where(command_syncs.c.scope == scope)).scalar()


def save_synced_hash(conn: Connection, scope: str, content_hash: str, now: float) -> None:
    """Remember what Discord has."""
    insert = upsert(conn)(command_syncs).values(scope=scope, content_hash=content_hash, synced_at=now)
    changes = {"content_hash": insert.excluded.content_hash, "synced_at": insert.excluded.synced_at}
    conn.execute(insert.on_conflict_do_update(index_elements=[command_syncs.c.scope], set_=changes))


def last_choices(conn: Connection, member_id: int, model_slug: str) -> dict[str, Any]:
    """What the member last chose for a model: option name → value."""
    own = (member_choices.c.member_id == member_id, member_choices.c.model_slug == model_slug)
    return dict(conn.execute(select(member_choices.c.choices).where(*own)).scalar() or {})


def save_choices(conn: Connection, member_id: int, model_slug: str, choices: Mapping[str, Any]) -> None:
    """Remember a member's choices as their defaults for the next time."""
    insert = upsert(conn)(member_choices).values(member_id=member_id, model_slug=model_slug, choices=dict(choices))
    key = [member_choices.c.member_id, member_choices.c.model_slug]
    conn.execute(insert.on_conflict_do_update(index_elements=key, set_={"choices": insert.excluded.choices}))


def latest_timings(conn: Connection) -> dict[str, list[float]]:
    """How long each model's latest jobs took, in seconds."""
    found: dict[str, list[float]] = {}
    for slug, seconds in conn.execute(select(model_timings.c.model_slug, model_timings.c.seconds)):
        found.setdefault(slug, []).append(seconds)
    return found


def save_timing(conn: Connection, model_slug: str, seconds: float, now: float) -> None:
    """Learn how long a job took; the oldest of the kept times makes room."""
    of_model = select(model_timings.c.slot, model_timings.c.at).where(model_timings.c.model_slug == model_slug)
    known = conn.execute(of_model.order_by(model_timings.c.at)).all()
    slot = len(known) if len(known) < TIMINGS_KEPT else known[0].slot
    insert = upsert(conn)(model_timings).values(model_slug=model_slug, slot=slot, seconds=seconds, at=now)
    key = [model_timings.c.model_slug, model_timings.c.slot]
    changes = {"seconds": insert.excluded.seconds, "at": insert.excluded.at}
    conn.execute(insert.on_conflict_do_update(index_elements=key, set_=changes))


def stored_catalogue(conn: Connection, account_id: int) -> tuple[Any, float] | None:
    """The provider's last good answer as it came, and when."""
    row = conn.execute(
        select(catalogues.c.answer, catalogues.c.fetched_at).where(catalogues.c.account_id == account_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def save_catalogue(conn: Connection, account_id: int, version: str, answer: Any, now: float) -> None:
    """Keep the last good answer."""
    insert = upsert(conn)(catalogues).values(account_id=account_id, version=version, answer=answer, fetched_at=now)
    changes = {name: insert.excluded[name] for name in ("version", "answer", "fetched_at")}
    conn.execute(insert.on_conflict_do_update(index_elements=[catalogues.c.account_id], set_=changes))
