"""The moderators' logs over Discord's REST interface."""

from collections.abc import Sequence

import discord

from bot.discord_ui.language.choice import SettingsOf
from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.views.log_words import log_view
from bot.discord_ui.views.words import NameOf
from bot.engine.guild_log import LogChannelLost, LogLater, LogLine


class DiscordGuildLogWriter:
    """The engine's `GuildLogWriter`. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client, name_of: NameOf, settings_of: SettingsOf) -> None:
        self._client = client
        self._name_of = name_of
        self._languages = GuildLanguages(client, settings_of)

    async def write(self, channel_id: int, guild_id: int, key: str, lines: Sequence[LogLine]) -> None:
        """Post a message with these lines. Its nonce makes a second post soon after give back the first one."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        with await self._languages.speaking_to(guild_id):
            view = log_view(lines, guild_id, self._name_of)
        try:
            await channel.send(view=view, nonce=f"log-{key}", allowed_mentions=discord.AllowedMentions.none())
        except CALL_ERRORS as error:
            problem = f"{type(error).__name__}: {error}"
            if failure_kind(error).passes:
                raise LogLater(problem) from error
            raise LogChannelLost(problem) from error
