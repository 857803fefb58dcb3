"""Notices to the moderators of guilds: at most one of a kind in a guild, until it is over."""

from sqlalchemy import Connection, bindparam, delete, select

from bot.domain.guild_notices import GuildNotice, GuildNoticeKind
from bot.domain.json_value import JsonObject
from bot.storage.tables.guild_settings import guild_notices_table
from bot.storage.upsert import upsert

_RAISE = upsert(guild_notices_table, (guild_notices_table.c.data, guild_notices_table.c.created_at))
_OF_GUILD = (
    select(guild_notices_table.c.kind, guild_notices_table.c.data, guild_notices_table.c.created_at)
    .where(guild_notices_table.c.guild_id == bindparam("guild_id"))
    .order_by(guild_notices_table.c.created_at)
)
_OVER = delete(guild_notices_table).where(
    guild_notices_table.c.guild_id == bindparam("guild_id"), guild_notices_table.c.kind == bindparam("kind")
)


def raise_notice(conn: Connection, guild_id: int, kind: GuildNoticeKind, data: JsonObject, now: float) -> None:
    """Have the moderators of a guild know. It replaces a notice of the same kind."""
    conn.execute(_RAISE, {"guild_id": guild_id, "kind": kind, "data": data, "created_at": now})


def over(conn: Connection, guild_id: int, kind: GuildNoticeKind) -> None:
    """Drop a notice whose matter is over."""
    conn.execute(_OVER, {"guild_id": guild_id, "kind": kind})


def of_guild(conn: Connection, guild_id: int) -> tuple[GuildNotice, ...]:
    """Return what stands in a guild, oldest first."""
    return tuple(GuildNotice(*row) for row in conn.execute(_OF_GUILD, {"guild_id": guild_id}))
