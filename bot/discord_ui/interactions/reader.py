"""The language of whoever reads the answer to an interaction."""

from typing import Any

import discord

from bot.discord_ui.language.catalogues import language_of
from bot.discord_ui.language.choice import SettingsOf, chosen_language
from bot.discord_ui.language.speaking import ENGLISH, Language, speak_from_now_on


def speak_to_member(interaction: discord.Interaction[Any]) -> None:
    """Speak the language of the member's Discord in the rest of this task, and in the tasks that it starts.

    Every interaction has a task of its own. Whatever everybody reads is made in `public_language` instead.
    """
    speak_from_now_on(language_of(interaction.locale.value))


async def public_language(interaction: discord.Interaction[Any], settings_of: SettingsOf) -> Language:
    """Return the language of what everybody reads where the interaction came from.

    It is the one that moderators chose, else that of the server's locale at Discord.
    """
    if interaction.guild_id is not None:
        chosen = await chosen_language(settings_of, interaction.guild_id)
        if chosen is not None:
            return chosen
    locale = interaction.guild_locale
    return ENGLISH if locale is None else language_of(locale.value)
