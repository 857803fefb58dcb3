"""Turn one option of a model's command into what discord.py reads: a parameter annotated with a transformer."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.translating import spoken
from bot.discord_ui.language.speaking import Language, language_in_force
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, DESCRIPTION_MAX, OPTIONS_MAX, cut, length
from bot.discord_ui.views.option_words import choice_words, option_words
from bot.domain.capabilities import Capability
from bot.domain.fields import OptionKind, OptionSpec

_TYPES = {
    OptionKind.TEXT: discord.AppCommandOptionType.string,
    OptionKind.CHOICE: discord.AppCommandOptionType.string,
    OptionKind.INTEGER: discord.AppCommandOptionType.integer,
    OptionKind.BOOLEAN: discord.AppCommandOptionType.boolean,
    OptionKind.IMAGE: discord.AppCommandOptionType.attachment,
    OptionKind.VIDEO: discord.AppCommandOptionType.attachment,
    OptionKind.AUDIO: discord.AppCommandOptionType.attachment,
}
TEXT_OPTION_MAX = 6_000
"""Characters of a text option, which is Discord's limit."""


class Detail(IntEnum):
    """How much a command spells out. Less detail takes fewer of the 8,000 characters that it may have."""

    ALL_LANGUAGES = 4
    FULL = 3
    """Everything, but in English only: of a text and its translations, Discord counts the longest."""
    NO_DESCRIPTIONS = 2
    SHORT_LISTS_ONLY = 1
    NO_LISTS = 0

    @property
    def translated(self) -> bool:
        """Whether a command says everything in all languages."""
        return self is Detail.ALL_LANGUAGES

    @property
    def listed_choices_max(self) -> int:
        """The most choices that an option lists in the command itself."""
        return {Detail.SHORT_LISTS_ONLY: 5, Detail.NO_LISTS: 0}.get(self, CHOICES_MAX)


class OptionTransformer(app_commands.Transformer):
    """Tells Discord what an option takes.

    The value is passed on as it came. It is checked against the model later, by rules that know more than Discord's.
    """

    def __init__(self, model: Capability, spec: OptionSpec) -> None:
        self.model = model
        self.spec = spec

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The type that Discord enforces."""
        return _TYPES[self.spec.kind]

    @property
    def min_value(self) -> int | None:
        """The lowest number, or the fewest characters of a text; None where there is no such bound."""
        if self.spec.kind is OptionKind.INTEGER and is_range(self.spec):
            return self.spec.minimum
        return 1 if self.spec.kind is OptionKind.TEXT and self.spec.required else None

    @property
    def max_value(self) -> int | None:
        """The highest number, or the most characters of a text; None where there is no such bound."""
        if self.spec.kind is OptionKind.INTEGER and is_range(self.spec):
            return self.spec.maximum
        return (
            min(self.spec.max_length or TEXT_OPTION_MAX, TEXT_OPTION_MAX) if self.spec.kind is OptionKind.TEXT else None
        )

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        """Return the value as it came."""
        return value


class ListedTransformer(OptionTransformer):
    """An option whose choices are listed in the command."""

    @property
    def choices(self) -> list[app_commands.Choice[str | int | float]]:
        """The choices that the command lists."""
        return labelled(choice_words(self.model, self.spec))


class TranslatedTransformer(ListedTransformer):
    """An option whose choices are listed in the command, in all languages."""

    def __init__(self, model: Capability, spec: OptionSpec) -> None:
        super().__init__(model, spec)
        self._labels: dict[Language, Mapping[str | int, str]] = {}

    @property
    def choices(self) -> list[app_commands.Choice[str | int | float]]:
        """The choices that the command lists."""
        return [app_commands.Choice(name=spoken(partial(self._label, one)), value=one) for one in self.spec.choices]

    def _label(self, choice: str | int) -> str:
        language = language_in_force()
        if language not in self._labels:
            self._labels[language] = choice_words(self.model, self.spec)
        return cut(self._labels[language][choice], CHOICE_MAX)


class AutocompletedTransformer(OptionTransformer):
    """An option with too many choices to list: they are suggested while the member types."""

    async def autocomplete(
        self, interaction: discord.Interaction[Any], value: Any, /
    ) -> list[app_commands.Choice[str | int | float]]:
        """Suggest choices, from memory."""
        labels = choice_words(self.model, self.spec)
        return labelled({choice: labels[choice] for choice in suggestions(self.spec.choices, str(value))})


def parameter(model: Capability, spec: OptionSpec, detail: Detail) -> inspect.Parameter:
    """Return the parameter that discord.py reads the option from."""
    transformer = OptionTransformer
    if spec.choices and not is_range(spec):
        listed = TranslatedTransformer if detail.translated else ListedTransformer
        transformer = listed if len(spec.choices) <= detail.listed_choices_max else AutocompletedTransformer
    return inspect.Parameter(
        spec.name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=transformer(model, spec),
        default=inspect.Parameter.empty if spec.required else None,
    )


def description(model: Capability, spec: OptionSpec, detail: Detail) -> str | app_commands.locale_str:
    """Return the words that the member reads beside the option."""
    if detail < Detail.FULL:
        return "…"
    return spoken(lambda: cut(option_words(model, spec), DESCRIPTION_MAX), translated=detail.translated)


def shown_options(specs: Sequence[OptionSpec], room: int = OPTIONS_MAX) -> tuple[OptionSpec, ...]:
    """Return at most `room` options with distinct names, required ones first, with the choices that Discord can hold.

    An option that leaves no choice is left out: its value is filled in. Where there are more than `room`, the last of
    the numbered attachments are left out first.
    """
    distinct: dict[str, OptionSpec] = {}
    for spec in specs:
        if len(spec.choices) != 1 or spec.default is None:
            distinct.setdefault(spec.name, _with_sendable_choices(spec))
    kept = sorted(distinct.values(), key=lambda spec: not spec.required)
    while len(kept) > room:
        numbered = [spec for spec in kept if not spec.required and spec.name[-1].isdigit()]
        kept.remove((numbered or kept)[-1])
    return tuple(kept)


def _with_sendable_choices(spec: OptionSpec) -> OptionSpec:
    choices = dict.fromkeys(choice for choice in spec.choices if 1 <= length(str(choice)) <= CHOICE_MAX)
    return replace(spec, choices=tuple(choices))


def is_range(spec: OptionSpec) -> bool:
    """Tell whether every whole number between the option's ends may be chosen, so that the ends say it all."""
    if spec.kind is not OptionKind.INTEGER or spec.minimum is None or spec.maximum is None:
        return False
    return not spec.choices or len(spec.choices) == spec.maximum - spec.minimum + 1


def suggestions(choices: Sequence[str | int], typed: str) -> list[str | int]:
    """Return the choices that match what was typed: those that begin with it before those that contain it."""
    typed = typed.strip().casefold()
    matching = [choice for choice in choices if typed in str(choice).casefold()]
    matching.sort(key=lambda choice: not str(choice).casefold().startswith(typed))
    return matching[:CHOICES_MAX]


def labelled(labels: Mapping[str | int, str]) -> list[app_commands.Choice[str | int | float]]:
    """Return Discord's choices from labels by value."""
    return [app_commands.Choice(name=cut(label, CHOICE_MAX), value=value) for value, label in labels.items()]
