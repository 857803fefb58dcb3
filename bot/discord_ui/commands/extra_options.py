"""Options that commands have beside those of their models. What they name is kept by the bot, and listed meanwhile."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.options import Detail
from bot.discord_ui.commands.translating import spoken
from bot.discord_ui.interactions.suggesting import suggest_cast, suggest_styles
from bot.discord_ui.language.speaking import mark_on, say_on
from bot.domain.capabilities import Capability, Need
from bot.domain.cast import CAST_OPTION
from bot.domain.casting import takes_pictures
from bot.domain.styling import STYLE_OPTION

Suggest = Callable[[discord.Interaction[Any], str], Awaitable[list[app_commands.Choice[str]]]]
"""Lists what may be named, while a member types."""


@dataclass(frozen=True, slots=True)
class ExtraOption:
    """An option whose value is the name of something. `taken_by` tells for which models it is offered."""

    name: str
    words: str
    """What it does, marked for the catalogues."""
    taken_by: Callable[[Capability], bool]
    suggest: Suggest


EXTRA_OPTIONS = (
    ExtraOption(
        STYLE_OPTION,
        mark_on("command", "One of this server's styles"),
        lambda model: model.prompt is not Need.NONE,
        suggest_styles,
    ),
    ExtraOption(
        CAST_OPTION,
        mark_on("command", "Pictures that you or this server saved with /cast add"),
        takes_pictures,
        suggest_cast,
    ),
)
"""In the order in which a member sees them, after the options of the model."""


class NameTransformer(app_commands.Transformer):
    """Tells Discord that an option takes a name. It is passed on as it came, and looked up when the request is made."""

    def __init__(self, extra: ExtraOption) -> None:
        self._extra = extra

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The type that Discord enforces."""
        return discord.AppCommandOptionType.string

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        """Return the value as it came."""
        return value

    async def autocomplete(
        self, interaction: discord.Interaction[Any], value: Any, /
    ) -> list[app_commands.Choice[str | int | float]]:
        """Suggest names."""
        suggested = await self._extra.suggest(interaction, str(value))
        return [app_commands.Choice(name=one.name, value=one.value) for one in suggested]


def extra_parameter(extra: ExtraOption) -> inspect.Parameter:
    """Return the parameter that discord.py reads the option from."""
    return inspect.Parameter(
        extra.name, inspect.Parameter.KEYWORD_ONLY, annotation=NameTransformer(extra), default=None
    )


def extra_description(extra: ExtraOption, detail: Detail) -> str | app_commands.locale_str:
    """Return the words that the member reads beside the option."""
    if detail < Detail.FULL:
        return "…"
    return spoken(lambda: say_on("command", extra.words), translated=detail.translated)
