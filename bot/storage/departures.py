"""Guilds that the bot is not in any more, and since when."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.storage.tables.guild_settings import guild_settings_table
from bot.storage.tables.money import guilds_table
from bot.storage.tables.privacy import departures_table
from bot.storage.upsert import insert_if_new

_LEFT = insert_if_new(departures_table)
_BACK = delete(departures_table).where(departures_table.c.guild_id.in_(bindparam("guild_ids", expanding=True)))
_KNOWN = select(guilds_table.c.guild_id).union(select(guild_settings_table.c.guild_id))
_OVERDUE = (
    select(departures_table.c.guild_id)
    .where(departures_table.c.forgotten_at.is_(None), departures_table.c.left_at <= bindparam("before"))
    .order_by(departures_table.c.left_at)
    .limit(1)
)
_FORGOTTEN = (
    update(departures_table)
    .where(departures_table.c.guild_id == bindparam("guild"))
    .values(forgotten_at=bindparam("now"))
)


def left(conn: Connection, guild_id: int, now: float) -> None:
    """Note that the bot is not in a guild any more. What was noted before stays."""
    conn.execute(_LEFT, {"guild_id": guild_id, "left_at": now})


def back(conn: Connection, guild_ids: Collection[int]) -> None:
    """Note that the bot is in these guilds."""
    conn.execute(_BACK, {"guild_ids": list(guild_ids)})


def reconcile(conn: Connection, present: Collection[int], is_ours: Callable[[int], bool], now: float) -> int:
    """Note which known guilds the bot has left while it was not running, and return how many.

    `present` are all guilds of this process, and `is_ours` tells which guilds it would see if the bot were in them.
    """
    back(conn, present)
    gone = [guild_id for guild_id in conn.execute(_KNOWN).scalars() if is_ours(guild_id) and guild_id not in present]
    for guild_id in gone:
        left(conn, guild_id, now)
    return len(gone)


def overdue(conn: Connection, before: float) -> int | None:
    """Return a guild that the bot left before a moment and whose data is still there; None if there is none."""
    return conn.execute(_OVERDUE, {"before": before}).scalar()


def forgotten(conn: Connection, guild_id: int, now: float) -> None:
    """Note that a guild's data is being erased."""
    conn.execute(_FORGOTTEN, {"guild": guild_id, "now": now})
