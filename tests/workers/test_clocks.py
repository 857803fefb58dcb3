"""Clocks that jump, or differ between machines: nothing waits for a day that one wrong minute wrote."""

import time

import pytest

from bot.domain.jobs import JobState
from bot.engine.clocks import DatabaseClock
from bot.storage import moments
from bot.storage.database import Database
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
    states = await engine.states((*first, later))
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


@pytest.mark.parametrize("jump", [2 * 3600.0, DAY, 40 * DAY])
async def test_a_clock_that_jumps_ahead_lets_no_more_posts_through(engine: Bench, jump: float) -> None:
    engine.studio.posts_per_hour = None
    for number in range(60):
        await engine.ask(f"number {number}", member=5000 + number)
    for _ in range(12):
        await engine.submit()
        engine.studio.advance(60)
    engine.context.clock = lambda: engine.studio.clock.now() + jump
    for _ in range(80):
        await engine.submit()
        await Housekeeping(engine.context).step()
        engine.studio.advance(60)
    assert engine.studio.records.posts_in_any_hour_max() == 24
    assert len(engine.studio.records.posts) > 24, "after a true hour others follow"


async def test_while_a_machine_is_suspended_time_truly_passes(engine: Bench) -> None:
    for number in range(48):
        await engine.ask(f"number {number}", member=5000 + number)
    for _ in range(2):
        for _ in range(10):
            await engine.submit()
        engine.studio.advance(3700)
    assert len(engine.studio.records.posts) == 48


async def test_a_wrong_clock_of_a_machine_does_not_matter_beside_the_databases(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite has no clock of its own")
    right = time.time()
    monkeypatch.setattr(time, "time", lambda: right + DAY)
    clock = DatabaseClock(database)
    with pytest.raises(RuntimeError):
        clock()
    assert await clock.set() > 0
    assert abs(clock() - right) < 60
    assert "86400 s ahead of this machine's" in caplog.text.replace("-", "")


async def test_the_databases_clock_is_followed_when_it_is_set(database: Database) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite has no clock of its own")
    steady = 1000.0
    clock = DatabaseClock(database, lambda: steady)
    await clock.set()
    first = clock()
    steady += 500.0  # by the database's clock, no time has passed
    assert clock() - first == 500.0
    await clock.set()
    assert abs(clock() - first) < 60
