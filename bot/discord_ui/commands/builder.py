"""Build slash commands from the models' capabilities: one group per family, one subcommand per model."""

import asyncio
import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import discord
from discord import app_commands

from bot.discord_ui.commands.extra_options import EXTRA_OPTIONS, extra_description, extra_parameter
from bot.discord_ui.commands.options import Detail, description, parameter, shown_options
from bot.discord_ui.commands.translating import CommandTranslator, spoken
from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.message_limits import (
    COMMAND_CHARACTERS_MAX,
    DESCRIPTION_MAX,
    OPTIONS_MAX,
    command_characters,
    cut,
)
from bot.discord_ui.views.model_words import command_description
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.fields import OptionKind, OptionSpec, options_for
from bot.services.commands import CommandName

Submit = Callable[[discord.Interaction[Any]], Awaitable[None]]
"""Answers a generated command. It reads the model and the options from the interaction itself."""

DurationsOf = Callable[[str], Durations]
"""Takes a model's slug and returns how long its renders take."""

MODEL_SLUG = "model_slug"
"""The key in a command's `extras` that holds its model's slug."""


@dataclass(frozen=True, slots=True)
class BuiltCommands:
    """The groups to register, and the models that found no room, each with the reason."""

    groups: tuple[app_commands.Group, ...]
    left_out: Mapping[str, str]


async def build_commands(
    models: Sequence[Capability], names: Mapping[str, CommandName], durations_of: DurationsOf, submit: Submit
) -> BuiltCommands:
    """Build the commands of all models under the names that `naming.assign_names` gave them."""
    families: dict[str, list[Capability]] = defaultdict(list)
    left_out: dict[str, str] = {}
    for model in models:
        if model.slug in names:
            families[names[model.slug].command].append(model)
        else:
            left_out[model.slug] = "there are more models than Discord has room for commands"
    groups = []
    for command, members in sorted(families.items()):
        members.sort(key=lambda model: names[model.slug].subcommand)
        group, crowded = await _fitting_group(command, members, names, durations_of, submit)
        groups.append(group)
        left_out |= dict.fromkeys(crowded, f"/{command} is longer than Discord allows")
        await asyncio.sleep(0)  # saying all in every language takes a while: others get their turn in between
    return BuiltCommands(tuple(groups), left_out)


def subcommand_characters(model: Capability) -> int:
    """Count a subcommand's share of the 8,000 characters that its command may have, without the subcommand's name.

    It is counted in English, so that no name depends on the languages that are offered.
    """
    return command_characters(_command(model, "x", Durations(), Detail.FULL, _nothing).to_dict(_NO_TREE))


async def group_characters(group: app_commands.Group) -> int:
    """Count the characters of a whole top-level command. Of a text and its translations, the longest counts."""
    return command_characters(await group.get_translated_payload(_NO_TREE, _TRANSLATOR))


async def _fitting_group(
    command: str,
    models: list[Capability],
    names: Mapping[str, CommandName],
    durations_of: DurationsOf,
    submit: Submit,
) -> tuple[app_commands.Group, list[str]]:
    """Build a group with as much detail as fits. Returns it with the slugs of models for which there was no room."""
    left_out: list[str] = []
    while True:
        for detail in sorted(Detail, reverse=True):
            group = _group(command, models, names, durations_of, detail, submit)
            if await group_characters(group) <= COMMAND_CHARACTERS_MAX:
                return group, left_out
        left_out.append(models[-1].slug)
        models = models[:-1]


def _group(
    command: str,
    models: Sequence[Capability],
    names: Mapping[str, CommandName],
    durations_of: DurationsOf,
    detail: Detail,
    submit: Submit,
) -> app_commands.Group:
    engines = ", ".join(sorted({model.engine for model in models}))
    group = app_commands.Group(
        name=command,
        description=spoken(lambda: _group_description(engines), translated=detail.translated),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        auto_locale_strings=False,
    )
    for model in models:
        group.add_command(_command(model, names[model.slug].subcommand, durations_of(model.slug), detail, submit))
    return group


def _group_description(engines: str) -> str:
    return cut(say_on("command", "Make a video with {engines}", engines=engines), DESCRIPTION_MAX)


def _command(
    model: Capability, name: str, durations: Durations, detail: Detail, submit: Submit
) -> app_commands.Command[Any, ..., None]:
    extras = [extra for extra in EXTRA_OPTIONS if extra.taken_by(model)]
    specs = [_fillable(spec) for spec in shown_options(options_for(model), OPTIONS_MAX - len(extras))]

    async def callback(interaction: discord.Interaction[Any], **_options: Any) -> None:
        await submit(interaction)

    # discord.py builds options from a callback's signature; this one is made up from the model's capabilities.
    cast("Any", callback).__signature__ = inspect.Signature(
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(parameter(model, spec, detail) for spec in specs),
            *(extra_parameter(extra) for extra in extras),
        ]
    )
    described = {spec.name: description(model, spec, detail) for spec in specs}
    described |= {extra.name: extra_description(extra, detail) for extra in extras}
    if described:
        app_commands.describe(**described)(callback)
    return app_commands.Command(
        name=name,
        description=spoken(lambda: command_description(model, durations), translated=detail.translated),
        callback=callback,
        auto_locale_strings=False,
        extras={MODEL_SLUG: model.slug},
    )


def _fillable(spec: OptionSpec) -> OptionSpec:
    """Return an option as the command has it: an image may come from the cast, so Discord must not ask for a file.

    Without either, the request is refused before anything is spent.
    """
    return replace(spec, required=False) if spec.kind is OptionKind.IMAGE else spec


async def _nothing(_interaction: discord.Interaction[Any]) -> None:
    """Do nothing: the commands that have this callback are only measured."""


class _NoTree:
    """Stands in for the command tree where a command is measured. `to_dict` reads only these two attributes."""

    allowed_contexts = app_commands.AppCommandContext()
    allowed_installs = app_commands.AppInstallationType()


_TRANSLATOR = CommandTranslator()
_NO_TREE = cast("app_commands.CommandTree[Any]", _NoTree())
