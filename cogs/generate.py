"""`/veo fast`, `/kling 3-0`, …: the commands that are generated from the models' capabilities."""

import asyncio
from typing import cast

from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.generated import GeneratedCommands
from bot.discord_ui.commands.tree import ReelTree
from bot.discord_ui.interactions.request_flow import Asking
from bot.domain.capabilities import Catalogue


class Generate(commands.Cog):
    """Keeps the commands equal to the catalogue, here and at Discord."""

    def __init__(self, bot: ReelBot) -> None:
        services = bot.services
        self._bot = bot
        self._tree = cast("ReelTree", bot.tree)
        self._catalogue = services.catalogue
        self._building = asyncio.Lock()
        self.asking = Asking.of(services)
        self.commands = GeneratedCommands(bot.tree, services.database, self.asking.ask)

    async def cog_load(self) -> None:
        """Build from the catalogue that is known, and listen before that: it may change meanwhile."""
        self._tree.stale = self.commands.stale
        self._catalogue.subscribe(self._changed)
        await self._build()

    async def cog_unload(self) -> None:
        """Stop answering."""
        self._catalogue.unsubscribe(self._changed)
        self._tree.stale = None

    async def _changed(self, _: Catalogue) -> None:
        await self._build()
        await self._bot.sync_commands()

    async def _build(self) -> None:
        """Whichever change is told first, what is built last is the catalogue as it is now."""
        async with self._building:
            if self._catalogue.current is not None:
                await self.commands.rebuild(self._catalogue.current)


async def setup(bot: ReelBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Generate(bot))
