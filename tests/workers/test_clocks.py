"""Clocks that jump, or differ between machines: nothing waits for a day that one wrong minute wrote."""

import time

import pytest

from bot.domain.jobs import JobState
from bot.storage import moments
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.workers.housekeeping import Housekeeping
from tests.support.bench import Bench

DAY = 86_400.0


async def test_a_clock_that_was_a_day_ahead_for_a_moment_holds_nothing_up(engine: Bench) -> None:
    first = [await engine.ask(f"number {number}") for number in range(4)]
    cancelled = await engine.ask("cancelled in that moment")
    engine.context.clock = lambda: engine.studio.clock.now() + DAY
    for loop in (engine.submitter, engine.delivery, engine.cards):
        await loop.step()
    await engine.submitter.drain()
    await engine.people.cancel(cancelled.id, cancelled.member_id)
    engine.context.clock = engine.studio.clock.now
    await Housekeeping(engine.context).step()
    later = await engine.ask("after that moment")
    for _ in range(30):
        await engine.submit()
        await engine.poller.step()
        await engine.delivery.step()
        engine.studio.advance(150)
    states = {await engine.state(job) for job in (*first, later)}
    assert states == {JobState.SUCCEEDED}
    assert await engine.undelivered() == 0
    assert engine.studio.records.posts_in_any_hour_max() <= 24


async def test_a_post_that_was_logged_ahead_counts_from_the_moment_of_mending(engine: Bench) -> None:
    """So that the hourly limit is kept, whatever the clock said."""
    await engine.ask()
    engine.context.clock = lambda: engine.studio.clock.now() + DAY
    await engine.submit()
    engine.context.clock = engine.studio.clock.now
    now = engine.context.clock()
    assert await engine.database.write(moments.clamp, now) > 0
    assert await engine.database.write(moments.clamp, now) == 0, "once is enough"


async def test_a_machine_whose_clock_differs_from_the_databases_does_not_start(database: Database) -> None:
    await moments.check_clocks(database)
    if database.dialect == "sqlite":
        await moments.check_clocks(database, lambda: time.time() + DAY)
        return
    for difference in (-60.0, 60.0):
        with pytest.raises(DatabaseProblem, match="differ by"):
            await moments.check_clocks(database, lambda ahead=difference: time.time() + ahead)  # type: ignore[misc]
