"""What members chose lately: the defaults of a member's next request for a model, and the models themselves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.storage.tables.discord import member_choices_table
from bot.storage.tables.jobs import jobs_table
from bot.storage.upsert import upsert

_READ = select(member_choices_table.c.choices).where(
    member_choices_table.c.member_id == bindparam("member_id"),
    member_choices_table.c.model_slug == bindparam("model_slug"),
)
_SAVE = upsert(member_choices_table, (member_choices_table.c.choices,))
_RECENT_MODELS = (
    select(jobs_table.c.model_slug)
    .where(jobs_table.c.guild_id == bindparam("guild_id"), jobs_table.c.member_id == bindparam("member_id"))
    .order_by(jobs_table.c.created_at.desc())
    .limit(bindparam("limit"))
)


def load(conn: Connection, member_id: int, model_slug: str) -> dict[str, Any]:
    """Return what the member last chose for a model: option name → value."""
    return dict(conn.execute(_READ, {"member_id": member_id, "model_slug": model_slug}).scalar() or {})


def save(conn: Connection, member_id: int, model_slug: str, choices: Mapping[str, Any]) -> None:
    """Remember a member's choices for a model."""
    conn.execute(_SAVE, {"member_id": member_id, "model_slug": model_slug, "choices": dict(choices)})


def recent_models(conn: Connection, guild_id: int, member_id: int, limit: int) -> tuple[str, ...]:
    """Return the slugs of the models that a member's latest requests in a guild asked for, the newest first."""
    found = conn.execute(_RECENT_MODELS, {"guild_id": guild_id, "member_id": member_id, "limit": limit})
    return tuple(found.scalars())
