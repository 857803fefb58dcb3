"""Slash commands: the name that each model got for good, what was last sent to Discord, and the ids it gave them."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from bot.storage.tables.discord import command_names_table, command_syncs_table
from bot.storage.upsert import insert_if_new, upsert

_ALL_NAMES = select(command_names_table.c.model_slug, command_names_table.c.command, command_names_table.c.subcommand)
_ADD_NAMES = insert_if_new(command_names_table)
_CHANGE = (
    update(command_names_table)
    .where(command_names_table.c.model_slug == bindparam("slug"))
    .values(command=bindparam("new_command"), subcommand=bindparam("new_subcommand"))
)
_SYNCED = select(command_syncs_table.c.content_hash).where(command_syncs_table.c.scope == bindparam("scope"))
_SAVE_SYNCED = upsert(
    command_syncs_table,
    (command_syncs_table.c.content_hash, command_syncs_table.c.ids, command_syncs_table.c.synced_at),
)
_ALL_IDS = select(command_syncs_table.c.scope, command_syncs_table.c.ids)


def load(conn: Connection) -> dict[str, tuple[str, str]]:
    """Return every name ever given: model slug → (command, subcommand)."""
    return {slug: (command, subcommand) for slug, command, subcommand in conn.execute(_ALL_NAMES)}


def save(conn: Connection, names: Mapping[str, tuple[str, str]]) -> None:
    """Remember names that are new. A name that was given before stays as it was."""
    rows = [{"model_slug": slug, "command": name[0], "subcommand": name[1]} for slug, name in names.items()]
    if rows:
        conn.execute(_ADD_NAMES, rows)


def change(conn: Connection, names: Mapping[str, tuple[str, str]]) -> None:
    """Put other names in place of those that were given before. No other model may have one of them."""
    rows = [{"slug": slug, "new_command": name[0], "new_subcommand": name[1]} for slug, name in names.items()]
    if rows:
        conn.execute(_CHANGE, rows)


def synced_hash(conn: Connection, scope: str) -> str | None:
    """Return the hash of the commands last sent to Discord for a scope; None if none were sent."""
    return conn.execute(_SYNCED, {"scope": scope}).scalar()


def save_synced(conn: Connection, scope: str, content_hash: str, ids: Mapping[str, int], now: float) -> None:
    """Remember which commands Discord has for a scope: their hash, and their ids by their names."""
    conn.execute(_SAVE_SYNCED, {"scope": scope, "content_hash": content_hash, "ids": dict(ids), "synced_at": now})


def load_ids(conn: Connection) -> dict[str, dict[str, int]]:
    """Return the ids of all commands that Discord has: scope → name → id."""
    return {row.scope: row.ids for row in conn.execute(_ALL_IDS)}
