"""The language of what everybody in a server reads: as its moderators chose, else that of its locale at Discord."""

import asyncio
import logging
from contextlib import AbstractContextManager

import discord

from bot.discord_ui.language.catalogues import language_of, languages
from bot.discord_ui.language.choice import SettingsOf, chosen_language
from bot.discord_ui.language.speaking import ENGLISH, Language, speaking
from bot.discord_ui.posting.errors import CALL_ERRORS

log = logging.getLogger(__name__)

KNOWN_SECONDS = 3600.0
"""Seconds after which a server's locale is asked for again."""


class GuildLanguages:
    """Knows the languages of servers, also without a gateway connection."""

    def __init__(self, client: discord.Client, settings_of: SettingsOf) -> None:
        self._client = client
        self._settings_of = settings_of
        self._known: dict[int, tuple[Language, float]] = {}

    async def speaking_to(self, guild_id: int) -> AbstractContextManager[None]:
        """Return the context in which the language of a server is spoken."""
        chosen = await chosen_language(self._settings_of, guild_id)
        return speaking(chosen or await self._of_locale(guild_id))

    async def _of_locale(self, guild_id: int) -> Language:
        """Return the language of a server's locale; the one known before, or English, where Discord cannot be asked."""
        if (guild := self._client.get_guild(guild_id)) is not None:
            return language_of(guild.preferred_locale.value)
        if not languages():
            return ENGLISH
        now = asyncio.get_running_loop().time()
        language, until = self._known.get(guild_id, (ENGLISH, 0.0))
        if now < until:
            return language
        try:
            fetched = await self._client.fetch_guild(guild_id, with_counts=False)
            language = language_of(fetched.preferred_locale.value)
        except CALL_ERRORS as error:
            log.debug("the locale of guild %s is not known: %s", guild_id, error, extra={"action": "ask_locale"})
        self._known[guild_id] = (language, now + KNOWN_SECONDS)
        return language
