"""Two workers settle the jobs of several guilds at the same time, in opposite order: neither waits for ever.

Each worker has an engine and connections of its own, as two processes would.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.domain.jobs import Job, JobState
from bot.storage import accounts, jobs
from bot.storage.database import Database
from bot.storage.tables.jobs import outbox_table
from bot.studio.protocol import History, Provider
from tests.support.bench import GUILD, Bench
from tests.support.bench import engine as another_engine

JOBS_OF_A_GUILD = 5
ROUNDS = 3
LATER = 1e12


@pytest.fixture
async def other(engine: Bench, database_url: str, tmp_path: Path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        database = await Database.open(database_url)
        stack.push_async_callback(database.close)
        yield await another_engine(stack, database, tmp_path, engine.studio, "other")


class Gate:
    """Holds a worker back after it has asked for the history, until both have."""

    def __init__(self, *workers: Bench) -> None:
        self.opened = asyncio.Event()
        self.reached = asyncio.Semaphore(0)
        for worker in workers:
            worker.context.providers = {key: Held(self, one) for key, one in worker.context.providers.items()}


class Held:
    """A provider behind a gate."""

    def __init__(self, gate: Gate, provider: Provider) -> None:
        self._gate = gate
        self._provider = provider

    def __getattr__(self, name: str) -> Any:
        return getattr(self._provider, name)

    async def history(self, limit: int) -> History:
        shown = await self._provider.history(limit)
        self._gate.reached.release()
        await self._gate.opened.wait()
        return shown


async def ended_at_the_provider(engine: Bench) -> tuple[list[Job], list[Job]]:
    """Have jobs of two guilds made that have ended at the provider, and of which the bot does not know yet."""
    asked: tuple[list[Job], list[Job]] = ([], [])
    for number in range(JOBS_OF_A_GUILD):
        for which, of_guild in enumerate(asked):
            of_guild.append(await engine.ask(f"number {number}", guild=GUILD + which, member=5000 + number))
    for _ in range(JOBS_OF_A_GUILD):
        await engine.submit()
    assert {await engine.state(job) for of_guild in asked for job in of_guild} == {JobState.RUNNING}
    engine.studio.advance(60)
    return asked


async def settle_at_the_same_time(first: Bench, second: Bench, asked: tuple[list[Job], list[Job]]) -> None:
    """Have each worker claim the jobs of one guild and see those of the other along with them, then let both go on."""
    database, gate = first.database, Gate(first, second)
    everything = [job.id for of_guild in asked for job in of_guild]
    await database.write(jobs.set_due, JobState.RUNNING, dict.fromkeys(everything, LATER))
    steps = []
    for worker, of_guild in zip((first, second), asked, strict=True):
        await database.write(jobs.set_due, JobState.RUNNING, dict.fromkeys([job.id for job in of_guild], 0.0))
        steps.append(asyncio.create_task(worker.poller.step()))
        await gate.reached.acquire()
    gate.opened.set()
    async with asyncio.timeout(30):
        await asyncio.gather(*steps)


def owed(conn: Connection) -> list[str]:
    return sorted(conn.execute(select(outbox_table.c.job_id)).scalars())


async def test_two_workers_that_settle_the_same_jobs_in_opposite_order_end_each_once(
    engine: Bench, other: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    engine.studio.posts_per_hour = None
    await engine.database.write(accounts.set_hourly_posts, 1000)
    every: list[Job] = []
    for _ in range(ROUNDS):
        asked = await ended_at_the_provider(engine)
        await settle_at_the_same_time(engine, other, asked)
        every += [*asked[0], *asked[1]]
    assert await engine.states(every) == {JobState.SUCCEEDED}
    assert await engine.database.read(owed) == sorted(job.id for job in every)
    for job in every:
        assert [kind for kind, *_ in await engine.ledger(job)] == ["hold", "capture"]
    assert caplog.text == "", "no step failed, and nothing had to be tried again"
