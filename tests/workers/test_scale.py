"""Thousands of jobs in flight: no step of any loop loads them all. Times and 100,000 jobs: `benchmarks.in_flight`."""

import tracemalloc
from collections.abc import Awaitable, Callable

from benchmarks.endless import EndlessProvider
from benchmarks.filling import DUE_OVER_SECONDS, fill
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.workers import poller
from tests.support.bench import Bench

JOBS = 6_000
BYTES_MAX = 8 * 1024 * 1024
"""A batch of 500 needs less than half of it, all of the jobs twice as much."""


async def fill_with_due_jobs(engine: Bench) -> EndlessProvider:
    """Thousands of jobs in flight, all of them due, at a provider that never finishes any."""
    provider = EndlessProvider()
    engine.context.providers = {OWNER_ACCOUNT: provider}
    await engine.database.write(fill, JOBS, engine.context.clock())
    engine.studio.advance(DUE_OVER_SECONDS + 1)
    return provider


async def test_no_step_loads_all_jobs_into_memory(engine: Bench) -> None:
    steps: list[Callable[[], Awaitable[object]]] = [
        engine.submit, engine.reconciliation.step, engine.poller.step, engine.cards.step, engine.deliver,
    ]  # fmt: skip
    for step in steps:
        await step()  # caches fill, on an empty database
    await fill_with_due_jobs(engine)
    tracemalloc.start()
    try:
        for step in steps:
            await step()
            _, peak = tracemalloc.get_traced_memory()
            assert peak < BYTES_MAX, step
    finally:
        tracemalloc.stop()


async def test_a_poll_round_asks_about_one_batch_and_says_that_there_is_more(engine: Bench) -> None:
    provider = await fill_with_due_jobs(engine)
    assert await engine.poller.step() == 0.0
    assert provider.asked["status"] <= poller.BATCH
    assert provider.asked["history"] == 1
