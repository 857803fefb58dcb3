"""A guild's first use makes it known; every later use finds it."""

from sqlalchemy import Connection

from bot.domain.quota import Rules
from bot.storage.guilds import UnknownGuild, ensure_guild, lock_guild


def open_guild(conn: Connection, guild_id: int, default_credits: int, now: float) -> Rules:
    """Lock a guild's credits until the transaction ends and return its rules; make the guild known first if need be."""
    try:
        return lock_guild(conn, guild_id)
    except UnknownGuild:
        ensure_guild(conn, guild_id, default_credits, now)
        return lock_guild(conn, guild_id)
