"""Descriptions of commands and options, choices and the names of menus in every language that is offered.

The names of slash commands and of their options are the same in all of them. A description that is a sentence of the
catalogue is looked up. One that is made from a model's facts is a `spoken` text, which is made anew in each language.
"""

from collections.abc import Callable

import discord
from discord import app_commands

from bot.discord_ui.language.catalogues import language_of
from bot.discord_ui.language.speaking import ENGLISH, say_on, speaking

_Location = app_commands.TranslationContextLocation
_WORDS = "words"
"""The key in a text's `extras` that holds the function which says it."""
_DESCRIPTIONS = frozenset(
    {
        _Location.command_description,
        _Location.group_description,
        _Location.parameter_description,
    }
)


def spoken(words: Callable[[], str], *, translated: bool = True) -> app_commands.locale_str | str:
    """Return a text for a command from a function that says it in the language in force.

    Without `translated` it is English in every language.
    """
    with speaking(ENGLISH):
        english = words()
    return app_commands.locale_str(english, **{_WORDS: words}) if translated else english


class CommandTranslator(app_commands.Translator):
    """Gives discord.py what people read of commands, language by language."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a text in the language of a locale; None where the English text is shown."""
        language, words = language_of(locale.value), string.extras.get(_WORDS)
        if language is ENGLISH:
            return None
        with speaking(language):
            if words is not None:
                said: str = words()
            elif context.location in _DESCRIPTIONS:
                said = say_on("command", string.message)
            elif context.location is _Location.choice_name:
                said = say_on("choice", string.message)
            elif context.location is _Location.command_name and isinstance(context.data, app_commands.ContextMenu):
                said = say_on("menu", string.message)
            else:
                return None
        return said if said != string.message else None
