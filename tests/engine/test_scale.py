"""Thousands of jobs in flight: no step of any loop loads them all. Times and 100,000 jobs: `benchmarks.in_flight`."""

import tracemalloc
from collections.abc import Awaitable, Callable

import pytest
from support.bench import Bench

from benchmarks.endless import EndlessProvider
from benchmarks.filling import DUE_OVER_SECONDS, fill
from bot.engine import poller
from bot.storage.tables.provider import OWNER_ACCOUNT

JOBS = 6_000
BYTES_MAX = 16 * 1024 * 1024
"""What a batch of 500 needs, several times; all the jobs together are far beyond it."""


@pytest.fixture
async def full(engine: Bench) -> Bench:
    """The bench with thousands of jobs in flight, all of them due."""
    await engine.database.write(fill, JOBS, engine.context.clock())
    engine.context.providers = {OWNER_ACCOUNT: EndlessProvider()}
    engine.studio.advance(DUE_OVER_SECONDS + 1)
    return engine


async def test_no_step_loads_all_jobs_into_memory(full: Bench) -> None:
    steps: list[Callable[[], Awaitable[object]]] = [
        full.submit, full.reconciliation.step, full.poller.step, full.cards.step, full.delivery.step,
    ]  # fmt: skip
    for step in steps:
        await step()  # statements are compiled and caches are filled
    tracemalloc.start()
    try:
        for step in steps:
            await step()
            _, peak = tracemalloc.get_traced_memory()
            assert peak < BYTES_MAX, step
    finally:
        tracemalloc.stop()


async def test_a_poll_round_asks_about_one_batch_and_says_that_there_is_more(full: Bench) -> None:
    provider = EndlessProvider()
    full.context.providers = {OWNER_ACCOUNT: provider}
    assert await full.poller.step() == 0.0
    assert provider.asked["status"] <= poller.BATCH
    assert provider.asked["history"] == 1
