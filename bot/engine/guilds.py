"""A guild's first use makes it known, and has the owners asked if it may spend nothing yet."""

from sqlalchemy import Connection

from bot.domain.notices import Notice, NoticeKind
from bot.domain.quota import GuildDefaults, Rules
from bot.storage import notices
from bot.storage.guilds import UnknownGuild, ensure_guild, lock_guild


def open_guild(conn: Connection, guild_id: int, defaults: GuildDefaults, now: float) -> Rules:
    """Lock a guild's credits until the transaction ends and return its rules; make the guild known first if need be."""
    try:
        return lock_guild(conn, guild_id)
    except UnknownGuild:
        make_known(conn, guild_id, defaults, now)
        return lock_guild(conn, guild_id)


def make_known(conn: Connection, guild_id: int, defaults: GuildDefaults, now: float) -> None:
    """Give a guild its defaults at its first use. The owners hear of a guild that has no credits."""
    if ensure_guild(conn, guild_id, defaults, now) and defaults.credits == 0:
        notices.raise_notice(conn, Notice(new_guild_key(guild_id), NoticeKind.NEW_GUILD, {"guild_id": guild_id}), now)


def new_guild_key(guild_id: int) -> str:
    """Return the key of the notice about a new guild."""
    return f"new_guild:{guild_id}"
