"""The settings of guilds: what is in force, where it came from, and changes by moderators.

Who may change them is checked by whoever calls.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.clock import Clock
from bot.domain.guild_settings import (
    GuildSetting,
    GuildSettings,
    StoredSetting,
    fingerprint,
    read_settings,
    read_value,
)
from bot.domain.json_value import JsonValue
from bot.domain.refusals import Impossible, NotPossible
from bot.storage import guild_settings
from bot.storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What is in force in a guild, and what was chosen by whom. A setting that is not in `chosen` has its default."""

    settings: GuildSettings
    chosen: Mapping[GuildSetting, StoredSetting]


class GuildSettingsService:
    """Reads and changes the settings of guilds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, guild_id: int) -> GuildSettings:
        """Return what is in force in a guild: one small read, with no cache that another process could outdate."""
        return (await self.view(guild_id)).settings

    async def view(self, guild_id: int) -> SettingsView:
        """Return what is in force in a guild and where it came from."""
        return _view(guild_id, await self._database.read(guild_settings.read, guild_id))

    async def change(
        self, guild_id: int, actor_id: int, setting: GuildSetting, value: JsonValue, *, seen: str | None = None
    ) -> SettingsView:
        """Set a setting and note the change in the audit log. The value that stands already changes nothing.

        `seen` is the fingerprint of the value that the moderator saw. Raises NotPossible where another value stands
        by now, and ValueError for a value that the setting cannot have.
        """
        read_value(setting, value)
        stored = await self._database.write(self._change, guild_id, actor_id, setting, value, seen)
        return _view(guild_id, stored)

    def _change(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        setting: GuildSetting,
        value: JsonValue,
        seen: str | None,
    ) -> Mapping[str, StoredSetting]:
        now = self._clock()
        before = guild_settings.lock(conn, guild_id, actor_id, setting, now)
        if seen is not None and seen != fingerprint(before):
            raise NotPossible(Impossible.CHANGED_MEANWHILE)
        if value != before:
            guild_settings.change(conn, guild_id, actor_id, setting, before, value, now)
        return guild_settings.read(conn, guild_id)


def _view(guild_id: int, stored: Mapping[str, StoredSetting]) -> SettingsView:
    settings, ignored = read_settings({name: one.value for name, one in stored.items()})
    if ignored:
        log.warning(
            "settings are not understood, their defaults are in force: %s",
            ", ".join(ignored),
            extra={"action": "read_settings", "guild": guild_id},
        )
    chosen = {GuildSetting(name): one for name, one in stored.items() if name not in ignored}
    return SettingsView(settings, chosen)
