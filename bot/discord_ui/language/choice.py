"""The language of what everybody in a server reads, as moderators chose it, and that of a direct message."""

import logging
from collections.abc import Awaitable, Callable

from bot.discord_ui.language.catalogues import language_of, offered_language
from bot.discord_ui.language.speaking import Language, language_in_force
from bot.domain.guild_settings import GuildSettings

SettingsOf = Callable[[int], Awaitable[GuildSettings]]
"""Reads the settings of a guild."""

log = logging.getLogger(__name__)


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


LocaleOf = Callable[[int], Awaitable[str | None]]
"""Reads the locale of a member's Discord; None for somebody who never used the bot."""


async def unknown_locale(_member_id: int) -> str | None:
    """Return the locale of a member of whom nothing is known."""
    return None


async def member_language(locale_of: LocaleOf, member_id: int) -> Language:
    """Return the language of a member for a direct message.

    Returns the language in force where theirs is not known, or cannot be read: no message fails for its language.
    """
    try:
        locale = await locale_of(member_id)
    except Exception:
        log.exception("the language of member %s was not read", member_id, extra={"action": "read_language"})
        locale = None
    return language_in_force() if locale is None else language_of(locale)
