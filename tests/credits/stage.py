"""A bot with all cogs about credits, and generated commands to spend them with, on the local Discord."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import discord
from discord.ext import commands
from discord_ui.stage import FixedCatalogue

from bot.discord_ui.approval_card import DiscordApprovalCards
from bot.discord_ui.items import register_items
from bot.discord_ui.sync import CommandSync
from bot.discord_ui.tree import ReelTree
from bot.domain.capabilities import Capability, Catalogue
from bot.engine.admission import Admission
from bot.engine.approvals import Approvals
from bot.engine.context import EngineContext, Timings
from bot.engine.credits import CreditsService
from bot.engine.jobs import JobsService
from bot.engine.operations import Operations
from bot.engine.tempo import Tempo
from bot.storage.database import Database
from credits.world import BUDGET
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import OMAR_ID

COGS = ("generate", "results", "credits", "quota", "usage", "owner")


@dataclass
class Services:
    """The bot's services, as far as these cogs use them. Nothing submits: jobs stay queued."""

    database: Database
    clock: Callable[[], float]
    catalogue: FixedCatalogue
    admission: Admission
    jobs: JobsService
    credits: CreditsService
    approvals: Approvals
    operations: Operations
    settings: Any


class CreditsBot(commands.Bot):
    """As `bot.client.ReelBot`, with some of its cogs."""

    services: Services

    def __init__(self) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=ReelTree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05,
        )

    async def setup_hook(self) -> None:
        register_items(self)
        for name in COGS:
            await self.load_extension(f"cogs.{name}")
        await CommandSync(self.tree, self.services.database, self.services.clock).sync()


@asynccontextmanager
async def running(sandbox: DiscordSandbox, database: Database, *models: Capability) -> AsyncIterator[CreditsBot]:
    """The bot from READY to its end; Omar owns it."""
    bot = CreditsBot()
    context = EngineContext(
        database=database, clock=time.time, tempo=Tempo(), providers={}, worker_id="test", timings=Timings(database)
    )
    bot.services = Services(
        database=database,
        clock=time.time,
        catalogue=FixedCatalogue(Catalogue("first", models)),
        admission=Admission(context, BUDGET),
        jobs=JobsService(context),
        credits=CreditsService(database, time.time, BUDGET),
        approvals=Approvals(database, time.time, DiscordApprovalCards(bot), lambda: None),
        operations=Operations(context),
        settings=SimpleNamespace(owner_ids=frozenset({OMAR_ID})),
    )
    async with bot:
        await bot.login(sandbox.token)
        gateway = asyncio.create_task(bot.connect())
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        try:
            yield bot
        finally:
            await bot.close()
            with suppress(asyncio.CancelledError):
                await gateway
