"""What a reel of the week is called, in its server's language."""

from datetime import date

import discord

from bot.discord_ui.language.choice import SettingsOf
from bot.discord_ui.language.speaking import day_and_month, say
from bot.discord_ui.posting.guild_languages import GuildLanguages


class DiscordWeeklyWords:
    """The engine's `WeeklyWords`. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client, settings_of: SettingsOf) -> None:
        self._languages = GuildLanguages(client, settings_of)

    async def weekly(self, guild_id: int, first: date, last: date) -> tuple[str, str]:
        """See `WeeklyWords.weekly`."""
        with await self._languages.speaking_to(guild_id):
            days = {"first": day_and_month(first), "last": day_and_month(last)}
            title = say("Reel of the week, {first} to {last}", **days)
            card = say("Reel of the week\n{first} to {last}", **days)
        return title, card
