"""A bot with all cogs about credits, and generated commands to spend them with, on the local Discord."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from discord_ui.stage import FixedCatalogue
from support.stage import StageBot, on_stage

from bot.discord_ui.approval_card import DiscordApprovalCards
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
    operations: Operations
    settings: Any
    approvals: Approvals = field(init=False)


@asynccontextmanager
async def running(sandbox: DiscordSandbox, database: Database, *models: Capability) -> AsyncIterator[StageBot]:
    """The bot from READY to its end; Omar owns it."""
    context = EngineContext(
        database=database, clock=time.time, tempo=Tempo(), providers={}, worker_id="test", timings=Timings(database)
    )
    services = Services(
        database=database,
        clock=time.time,
        catalogue=FixedCatalogue(Catalogue("first", models)),
        admission=Admission(context, BUDGET),
        jobs=JobsService(context),
        credits=CreditsService(database, time.time, BUDGET),
        operations=Operations(context),
        settings=SimpleNamespace(owner_ids=frozenset({OMAR_ID})),
    )
    bot = StageBot(services, COGS)
    services.approvals = Approvals(database, time.time, DiscordApprovalCards(bot), lambda: None)
    async with on_stage(sandbox, bot):
        yield bot
