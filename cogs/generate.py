"""`/veo fast`, `/kling 3-0`, …: the commands that are generated from the models' capabilities."""

import asyncio
import logging
from typing import cast

from discord.ext import commands, tasks

from bot.client import ReelBot
from bot.discord_ui.commands.generated import GeneratedCommands
from bot.discord_ui.commands.tree import ReelTree, tell_outdated
from bot.domain.capabilities import Catalogue

log = logging.getLogger(__name__)

TIMES_HOURS = 24.0
"""Hours for which the commands keep the times that they show, so that they are sent to Discord once a day at most."""


class Generate(commands.Cog):
    """Keeps the commands equal to the catalogue, here and at Discord."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._tree = cast("ReelTree", bot.tree)
        self._catalogue = bot.services.catalogue
        self._building = asyncio.Lock()
        self._jobs = bot.services.jobs
        self._commands = GeneratedCommands(
            bot.tree, bot.services.commands, self._jobs.durations_of, bot.request_flow.begin
        )

    async def cog_load(self) -> None:
        """Listen to the catalogue, then build from what is known of it: it may change meanwhile."""
        self._tree.unregistered = self._commands.answer
        self._catalogue.subscribe(self._changed)
        await self._build()
        self._daily.start()

    async def cog_unload(self) -> None:
        """Stop answering."""
        self._daily.cancel()
        self._catalogue.unsubscribe(self._changed)
        self._tree.unregistered = tell_outdated

    async def refresh_times(self) -> None:
        """Show in the commands how long each model takes by now. Discord hears of it only if the words changed."""
        await self._jobs.load_durations()
        self._commands.forget_times()
        await self._build()
        await self._bot.sync_commands()

    @tasks.loop(hours=TIMES_HOURS)
    async def _daily(self) -> None:
        if self._daily.current_loop == 0:
            return  # at the start, when the commands have just been built
        try:
            await self.refresh_times()
        except Exception:
            log.exception("the commands keep yesterday's times", extra={"action": "refresh_times"})

    async def _changed(self, _: Catalogue) -> None:
        await self._build()
        await self._bot.sync_commands()

    async def _build(self) -> None:
        """Build from the catalogue as it is now, whichever change was told first."""
        async with self._building:
            if self._catalogue.current is not None:
                await self._commands.rebuild(self._catalogue.current)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Generate(bot))
