"""The generated commands in the tree: rebuilt with the catalogue, and answered also when they are out of date."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.builder import DurationsOf, build_commands, subcommand_characters
from bot.discord_ui.commands.naming import assign_names
from bot.discord_ui.commands.own_names import OWN_NAMES
from bot.discord_ui.commands.tree import tell_outdated
from bot.discord_ui.interactions.extras import Extras, split_extras
from bot.discord_ui.interactions.invocation import read_invocation
from bot.domain.capabilities import Catalogue
from bot.domain.durations import Durations
from bot.domain.request import GenerationRequest
from bot.services.commands import CommandName, CommandsService

log = logging.getLogger(__name__)

BeginRequest = Callable[[discord.Interaction[Any], GenerationRequest, Extras], Awaitable[None]]


class GeneratedCommands:
    """Keeps a tree's generated commands equal to a catalogue."""

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        commands: CommandsService,
        durations_of: DurationsOf,
        begin_request: BeginRequest,
    ) -> None:
        self._tree = tree
        self._commands = commands
        self._durations_of = durations_of
        self._begin_request = begin_request
        self._shown_durations: dict[str, Durations] = {}
        self._groups: tuple[app_commands.Group, ...] = ()

    async def rebuild(self, catalogue: Catalogue) -> None:
        """Put the catalogue's commands into the tree in place of the earlier ones. `CommandSync` tells Discord."""

        def rule(known: Mapping[str, CommandName]) -> Mapping[str, CommandName]:
            return assign_names(catalogue.models, known, size=subcommand_characters, reserved=OWN_NAMES)

        await self._commands.assign_names(rule)
        built = await build_commands(catalogue.models, self._commands.names, self._shown_durations_of, self.answer)
        for slug, reason in built.left_out.items():
            log.warning("model %s has no command: %s", slug, reason)
        for group in self._groups:
            self._tree.remove_command(group.name)
        for group in built.groups:
            self._tree.add_command(group)
        self._groups = built.groups

    def forget_times(self) -> None:
        """Have the next rebuild show what was learned meanwhile. Until then the commands keep the times they have."""
        self._shown_durations.clear()

    def _shown_durations_of(self, model_slug: str) -> Durations:
        return self._shown_durations.setdefault(model_slug, self._durations_of(model_slug))

    async def answer(self, interaction: discord.Interaction[Any]) -> None:
        """Begin the request that a command asks for, by the names that were ever given rather than by the tree.

        A member's Discord may show a command that has changed since, or is gone. What it sent is judged by what the
        model can do now, so it is accepted where it still can be.
        """
        data: Any = interaction.data or {}
        invocation = read_invocation(data)
        slug = self._commands.slug_of(CommandName(invocation.command, invocation.subcommand))
        if slug is None:
            await tell_outdated(interaction)
        else:
            values, extras = split_extras(invocation.values)
            await self._begin_request(interaction, GenerationRequest(slug, values), extras)
