"""A bot with all cogs about credits, and generated commands to spend them with, on the local Discord."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from bot.discord_ui.posting.approvals import DiscordApprovalCards
from bot.domain.capabilities import Capability, Catalogue
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.services.admission import Admission
from bot.services.approvals import Approvals
from bot.services.commands import CommandsService
from bot.services.credits import CreditsService
from bot.services.jobs import JobsService
from bot.services.operations import Operations
from bot.storage.database import Database
from bot.workers.approval_cards import ApprovalCardsWorker
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import OMAR_ID
from tests.discord_ui.stage import FixedCatalogue
from tests.support.credits_world import BUDGET
from tests.support.stage import StageBot, on_stage

COGS = ("results", "credits", "quota", "usage", "owner", "generate")


@dataclass
class Services:
    """The bot's services, as far as these cogs use them. Nothing submits: jobs stay queued."""

    database: Database
    clock: Callable[[], float]
    catalogue: FixedCatalogue
    commands: CommandsService
    admission: Admission
    jobs: JobsService
    credits: CreditsService
    operations: Operations
    settings: Any
    approvals: Approvals
    context: EngineContext
    approval_cards: ApprovalCardsWorker = field(init=False)


class CreditsBot(StageBot):
    """The bot of these tests. `stage` is the same object as `services`, with what only tests reach for."""

    def __init__(self, stage: Services) -> None:
        super().__init__(stage, COGS)
        self.stage = stage


@asynccontextmanager
async def running(sandbox: DiscordSandbox, database: Database, *models: Capability) -> AsyncIterator[CreditsBot]:
    """The bot from READY to its end; Omar owns it."""
    context = EngineContext(
        database=database,
        clock=time.time,
        timings=EngineTimings(),
        providers={},
        worker_id="test",
        durations=ModelDurations(database),
    )
    services = Services(
        database=database,
        clock=time.time,
        catalogue=FixedCatalogue(Catalogue("first", models)),
        commands=CommandsService(database, time.time),
        admission=Admission(context, BUDGET),
        jobs=JobsService(context),
        credits=CreditsService(database, time.time, BUDGET),
        operations=Operations(context),
        approvals=Approvals(context),
        context=context,
        settings=SimpleNamespace(owner_ids=frozenset({OMAR_ID})),
    )
    bot = CreditsBot(services)
    services.approval_cards = ApprovalCardsWorker(context, DiscordApprovalCards(bot))
    async with on_stage(sandbox, bot):
        yield bot
