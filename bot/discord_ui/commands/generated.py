"""The generated commands as they stand in the tree: rebuilt with the catalogue, answered also when out of date."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import discord
from discord import app_commands
from sqlalchemy import Connection

from bot.discord_ui.commands.builder import build_commands, subcommand_characters
from bot.discord_ui.commands.naming import CommandName, assign_names
from bot.discord_ui.interactions.invocation import read_invocation
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.request import GenerationRequest
from bot.storage import command_names
from bot.storage.database import Database

log = logging.getLogger(__name__)

OWN_COMMANDS = frozenset(
    {"models", "jobs", "credits", "usage", "quota", "queue", "owner", "help", "history", "settings", "privacy"}
)
"""Names that no family gets: the bot's own commands, and some that it may have one day."""

Ask = Callable[[discord.Interaction[Any], GenerationRequest], Awaitable[None]]


class GeneratedCommands:
    """Keeps a tree's generated commands equal to a catalogue."""

    def __init__(self, tree: app_commands.CommandTree[Any], database: Database, ask: Ask) -> None:
        self._tree = tree
        self._database = database
        self._ask = ask
        self._groups: tuple[app_commands.Group, ...] = ()
        self._slugs: dict[CommandName, str] = {}
        self.names: dict[str, CommandName] = {}
        """Every name ever given, by slug; also of models that are away."""

    async def rebuild(self, catalogue: Catalogue) -> None:
        """Put the catalogue's commands into the tree in place of the earlier ones. Discord is told by `CommandSync`."""
        self.names = await self._database.write(name_models, catalogue.models, OWN_COMMANDS)
        self._slugs = {name: slug for slug, name in self.names.items()}
        built = build_commands(catalogue.models, self.names, self.invoked)
        for slug, reason in built.left_out.items():
            log.warning("model %s has no command: %s", slug, reason)
        for group in self._groups:
            self._tree.remove_command(group.name)
        for group in built.groups:
            self._tree.add_command(group, override=True)
        self._groups = built.groups

    async def invoked(self, interaction: discord.Interaction[Any]) -> None:
        """A generated command was used: the callback of all of them."""
        if not await self.stale(interaction):
            raise LookupError("a generated command was invoked that was never named")

    async def stale(self, interaction: discord.Interaction[Any]) -> bool:
        """Answer a generated command even if it is not, or not so, registered any more; False if it never was one.

        What was sent is judged by what the model can do now, so an outdated command is accepted where it still can be.
        """
        data: Any = interaction.data or {}
        invocation = read_invocation(data)
        slug = self._slugs.get(CommandName(invocation.command, invocation.subcommand))
        if slug is None:
            return False
        await self._ask(interaction, GenerationRequest(slug, invocation.values))
        return True


def name_models(conn: Connection, models: Sequence[Capability], reserved: Collection[str]) -> dict[str, CommandName]:
    """Give names to the models that have none, remember them, and return all names."""
    known = command_names.load(conn)
    names = assign_names(models, known, size=subcommand_characters, reserved=reserved)
    new = {slug: tuple(name) for slug, name in names.items() if slug not in known}
    if new:
        command_names.save(conn, {slug: (name[0], name[1]) for slug, name in new.items()})
        # Read again: another process may have named the same models a moment earlier, and the first name counts.
        known = command_names.load(conn)
    return {slug: CommandName(*name) for slug, name in known.items()}
