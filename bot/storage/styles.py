"""Styles of guilds: listed, found, saved and removed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from bot.domain.styles import Style, StyleDraft, style_key
from bot.storage.tables.styles import styles_table
from bot.storage.upsert import insert_if_new

_COLUMNS = [styles_table.c[name] for name in ("id", "name", "template", "options", "actor_id", "changed_at")]
_OF_GUILD = select(*_COLUMNS).where(styles_table.c.guild_id == bindparam("guild"))
_LIST = _OF_GUILD.order_by(styles_table.c.key)
_NAMED = _OF_GUILD.where(styles_table.c.key == bindparam("name_key"))
_FIND = _OF_GUILD.where(styles_table.c.id == bindparam("style"))
_LOCK = _FIND.with_for_update(key_share=True)
_COUNT = select(func.count()).select_from(styles_table).where(styles_table.c.guild_id == bindparam("guild"))
_ADD = insert_if_new(styles_table)
_THIS = (styles_table.c.guild_id == bindparam("guild")) & (styles_table.c.id == bindparam("style"))
_CHANGE = update(styles_table).where(_THIS)
_REMOVE = delete(styles_table).where(_THIS)


def of_guild(conn: Connection, guild_id: int) -> tuple[Style, ...]:
    """Return a guild's styles, by name."""
    return tuple(map(_style, conn.execute(_LIST, {"guild": guild_id})))


def named(conn: Connection, guild_id: int, name: str) -> Style | None:
    """Return the style of a guild that has this name, whatever its letter case; None if there is none."""
    return _first(conn, _NAMED, {"guild": guild_id, "name_key": style_key(name)})


def find(conn: Connection, guild_id: int, style_id: int, *, lock: bool = False) -> Style | None:
    """Return a style of a guild, and lock it until the transaction ends if that is wanted; None if there is none."""
    return _first(conn, _LOCK if lock else _FIND, {"guild": guild_id, "style": style_id})


def count(conn: Connection, guild_id: int) -> int:
    """Return how many styles a guild has."""
    return int(conn.execute(_COUNT, {"guild": guild_id}).scalar_one())


def add(conn: Connection, guild_id: int, draft: StyleDraft, actor_id: int, now: float) -> bool:
    """Add a style. Returns False where the guild has one of this name: nothing was changed then."""
    return conn.execute(_ADD, {"guild_id": guild_id} | _values(draft, actor_id, now)).rowcount == 1


def change(conn: Connection, guild_id: int, style_id: int, draft: StyleDraft, actor_id: int, now: float) -> None:
    """Replace a style. Its name must be free, or its own."""
    conn.execute(_CHANGE.values(_values(draft, actor_id, now)), {"guild": guild_id, "style": style_id})


def remove(conn: Connection, guild_id: int, style_id: int) -> None:
    """Remove a style. Requests that were made with it keep its words."""
    conn.execute(_REMOVE, {"guild": guild_id, "style": style_id})


def _values(draft: StyleDraft, actor_id: int, now: float) -> dict[str, object]:
    return {
        "key": style_key(draft.name),
        "name": draft.name,
        "template": draft.template,
        "options": dict(draft.options),
        "changed_at": now,
        "actor_id": actor_id,
    }


def _first(conn: Connection, query: Any, values: Mapping[str, object]) -> Style | None:
    row = conn.execute(query, values).one_or_none()
    return None if row is None else _style(row)


def _style(row: Row[Any]) -> Style:
    return Style(row.id, StyleDraft(row.name, row.template, row.options), row.actor_id, row.changed_at)
