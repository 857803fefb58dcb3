"""The language that moderators chose for what everybody in their server reads."""

import logging
from collections.abc import Awaitable, Callable

from bot.discord_ui.language.catalogues import offered_language
from bot.discord_ui.language.speaking import Language
from bot.domain.guild_settings import GuildSettings

SettingsOf = Callable[[int], Awaitable[GuildSettings]]
"""Reads the settings of a guild."""

log = logging.getLogger(__name__)


async def default_settings(_guild_id: int) -> GuildSettings:
    """Return the settings of a guild in which nobody chose anything."""
    return GuildSettings()


async def chosen_language(settings_of: SettingsOf, guild_id: int) -> Language | None:
    """Return the language that was chosen for a guild.

    Returns None where none was chosen, where it is no longer offered, and where the settings cannot be read: no message
    fails for its language.
    """
    try:
        locale = (await settings_of(guild_id)).language
    except Exception:
        log.exception("the language of guild %s was not read", guild_id, extra={"action": "read_language"})
        return None
    return None if locale is None else offered_language(locale)
