"""The language of whoever reads the answer to an interaction."""

from typing import Any

import discord

from bot.discord_ui.language.catalogues import language_of
from bot.discord_ui.language.speaking import ENGLISH, Language, speak_from_now_on


def speak_to_member(interaction: discord.Interaction[Any]) -> None:
    """Speak the language of the member's Discord in the rest of this task, and in the tasks that it starts.

    Every interaction has a task of its own. Whatever everybody reads is made in `public_language` instead.
    """
    speak_from_now_on(language_of(interaction.locale.value))


def public_language(interaction: discord.Interaction[Any]) -> Language:
    """Return the language of what everybody reads where the interaction came from: that of the server's locale."""
    locale = interaction.guild_locale
    return ENGLISH if locale is None else language_of(locale.value)
