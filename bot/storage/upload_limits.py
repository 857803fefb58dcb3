"""What Discord said and showed about the largest file that each guild takes."""

from sqlalchemy import Connection, bindparam, select

from bot.domain.uploads import REFUSAL_SECONDS, upload_limit
from bot.storage.tables.discord import upload_limits_table
from bot.storage.upsert import upsert

_READ = select(upload_limits_table).where(upload_limits_table.c.guild_id == bindparam("key"))
_STATE = upsert(upload_limits_table, [upload_limits_table.c.stated_bytes])
_REFUSE = upsert(upload_limits_table, [upload_limits_table.c.refused_bytes, upload_limits_table.c.refused_at])


def of_guild(conn: Connection, guild_id: int, now: float) -> int:
    """Return the bytes of the largest file to try in a guild's channels."""
    return upload_limit(*_known(conn, guild_id, now))


def note_stated(conn: Connection, guild_id: int, limit_bytes: int) -> None:
    """Remember the limit that an interaction from a guild named."""
    conn.execute(_STATE, {"guild_id": guild_id, "stated_bytes": limit_bytes})


def note_refused(conn: Connection, guild_id: int, size_bytes: int, now: float) -> None:
    """Remember for a day that a guild's channel refused a file of this size."""
    _, before = _known(conn, guild_id, now)
    smallest = size_bytes if before is None else min(before, size_bytes)
    conn.execute(_REFUSE, {"guild_id": guild_id, "refused_bytes": smallest, "refused_at": now})


def _known(conn: Connection, guild_id: int, now: float) -> tuple[int | None, int | None]:
    """Return the limit last stated and the smallest file lately refused, in bytes."""
    row = conn.execute(_READ, {"key": guild_id}).one_or_none()
    if row is None:
        return None, None
    fresh = row.refused_at is not None and row.refused_at > now - REFUSAL_SECONDS
    return row.stated_bytes, row.refused_bytes if fresh else None
