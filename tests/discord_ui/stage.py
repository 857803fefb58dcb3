"""A bot on the local Discord: real client, real admission and database, but no engine loops and no provider."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.domain.capabilities import Capability, Catalogue
from bot.domain.jobs import Job
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.services.admission import Admission
from bot.services.commands import CommandsService
from bot.services.jobs import JobsService
from bot.storage.database import Database
from bot.storage.jobs import find
from bot.storage.tables.jobs import jobs_table
from sandbox.discord import DiscordSandbox, Message
from sandbox.discord.walk import walk
from tests.support.stage import StageBot, on_stage

GUILD_CREDITS = 1_000
COGS = ("results", "remix", "models", "jobs", "generate")


class FixedCatalogue:
    """Stands for the catalogue service: it changes when a test says so."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self.current = catalogue
        self._subscribers: list[Callable[[Catalogue], Awaitable[None]]] = []

    def subscribe(self, subscriber: Callable[[Catalogue], Awaitable[None]]) -> None:
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Callable[[Catalogue], Awaitable[None]]) -> None:
        self._subscribers.remove(subscriber)

    async def change(self, *models: Capability, announce: bool = True) -> None:
        """`announce=False`: Discord still has the old commands, as while a sync is under way."""
        self.current = Catalogue(f"changed to {len(models)}", models)
        for subscriber in self._subscribers if announce else []:
            await subscriber(self.current)


@dataclass
class Services:
    """The part of the bot's services that the cogs under test use."""

    database: Database
    catalogue: FixedCatalogue
    commands: CommandsService
    admission: Admission
    jobs: JobsService
    clock: Callable[[], float] = time.time

    async def all_jobs(self) -> list[Job]:
        """Every job there is, oldest first."""
        ids = await self.database.read(
            lambda conn: conn.execute(select(jobs_table.c.id).order_by(jobs_table.c.created_at)).scalars().all()
        )
        found = [await self.database.read(find, job_id) for job_id in ids]
        return [job for job in found if job is not None]


def make_services(database: Database, *models: Capability) -> Services:
    """Services whose jobs stay queued, since nothing submits them."""
    context = EngineContext(
        database=database,
        clock=time.time,
        timings=EngineTimings(),
        providers={},
        worker_id="test",
        durations=ModelDurations(database),
    )
    catalogue = FixedCatalogue(Catalogue("first", models) if models else None)
    return Services(
        database,
        catalogue,
        CommandsService(database, time.time),
        Admission(context, GUILD_CREDITS),
        JobsService(context),
    )


@asynccontextmanager
async def running(sandbox: DiscordSandbox, services: Services) -> AsyncIterator[StageBot]:
    """The bot from READY to its end."""
    bot = StageBot(services, COGS)
    async with on_stage(sandbox, bot):
        yield bot


def words(message: Message) -> str:
    """Everything that a reader sees written in a message."""
    shown = [message.content, *(str(c.get("content", "")) for _, c in walk(message.components))]
    return "\n".join(part for part in shown if part)


def button(message: Message, label: str) -> str:
    """The custom id of the button with this label."""
    found: list[dict[str, Any]] = [c for _, c in walk(message.components) if str(c.get("label", "")).startswith(label)]
    assert len(found) == 1, f"{len(found)} buttons '{label}' in {message.components}"
    return str(found[0]["custom_id"])
