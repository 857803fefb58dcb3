"""`/veo fast`, `/kling 3-0`, …: the commands that are generated from the models' capabilities."""

import logging
from typing import cast

import discord
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.asking import Asking
from bot.discord_ui.generated import GeneratedCommands
from bot.discord_ui.sync import CommandSync
from bot.discord_ui.tree import ReelTree
from bot.domain.capabilities import Catalogue

_log = logging.getLogger(__name__)


class Generate(commands.Cog):
    """Keeps the commands equal to the catalogue, here and at Discord."""

    def __init__(self, bot: ReelBot) -> None:
        services = bot.services
        self._tree = cast("ReelTree", bot.tree)
        self._catalogue = services.catalogue
        self.asking = Asking.of(services)
        self.commands = GeneratedCommands(bot.tree, services.database, self.asking.ask)
        self._sync = CommandSync(bot.tree, services.database, services.clock)

    async def cog_load(self) -> None:
        """Build from the catalogue that is known; the client syncs once all cogs are loaded."""
        self._tree.stale = self.commands.stale
        if self._catalogue.current is not None:
            await self.commands.rebuild(self._catalogue.current)
        self._catalogue.subscribe(self._changed)

    async def cog_unload(self) -> None:
        """Stop answering."""
        self._catalogue.unsubscribe(self._changed)
        self._tree.stale = None

    async def _changed(self, catalogue: Catalogue) -> None:
        await self.commands.rebuild(catalogue)
        try:
            await self._sync.sync()
        except discord.HTTPException as error:
            # The next change, or the next start, tries again: the stored hash is still the old one.
            _log.error("Discord did not take the commands of catalogue %s: %s", catalogue.version, error)


async def setup(bot: ReelBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Generate(bot))
