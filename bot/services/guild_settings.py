"""The settings of guilds: what is in force, where it came from, and changes by moderators.

Who may change them is checked by whoever calls.
"""

from sqlalchemy import Connection

from bot.domain.clock import Clock
from bot.domain.guild_notices import GuildNotice
from bot.domain.guild_settings import GuildSetting, GuildSettings, SettingsView, fingerprint, read_value, stored_value
from bot.domain.json_value import JsonValue
from bot.domain.refusals import Impossible, NotPossible
from bot.engine.guild_channels import LOST
from bot.storage import guild_notices, guild_settings
from bot.storage.database import Database


class GuildSettingsService:
    """Reads and changes the settings of guilds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, guild_id: int) -> GuildSettings:
        """Return what is in force in a guild: one small read, with no cache that another process could outdate."""
        return await self._database.read(guild_settings.settings_of, guild_id)

    async def view(self, guild_id: int) -> SettingsView:
        """Return what is in force in a guild and where it came from."""
        return await self._database.read(guild_settings.view, guild_id)

    async def notices(self, guild_id: int) -> tuple[GuildNotice, ...]:
        """Return what the moderators of a guild are to know, oldest first."""
        return await self._database.read(guild_notices.of_guild, guild_id)

    async def change(
        self, guild_id: int, actor_id: int, setting: GuildSetting, value: JsonValue, *, seen: str | None = None
    ) -> None:
        """Set a setting and note the change in the audit log. The value that stands already changes nothing.

        `seen` is the fingerprint of the value that the moderator saw. Raises NotPossible where another value stands
        by now, and ValueError for a value that the setting cannot have.
        """
        read_value(setting, value)
        await self._database.write(self._change, guild_id, actor_id, setting, value, seen)

    def _change(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        setting: GuildSetting,
        value: JsonValue,
        seen: str | None,
    ) -> None:
        now = self._clock()
        before = guild_settings.lock(conn, guild_id, actor_id, setting, now)
        if seen is not None and seen != fingerprint(_in_force(setting, before)):
            raise NotPossible(Impossible.CHANGED_MEANWHILE)
        if setting in LOST:
            guild_notices.over(conn, guild_id, LOST[setting])
        if value != before:
            guild_settings.change(conn, guild_id, actor_id, setting, before, value, now)


def _in_force(setting: GuildSetting, stored: JsonValue) -> JsonValue:
    """Return the value that a panel shows: the default where what is stored is not understood."""
    try:
        read_value(setting, stored)
    except ValueError:
        return stored_value(GuildSettings(), setting)
    return stored
