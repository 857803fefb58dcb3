"""A message has one worker at a time, however long its delivery takes and however many workers there are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage import upload_limits
from bot.storage.database import Database
from bot.storage.tables.jobs import outbox_table
from tests.support import bench
from tests.support.bench import GUILD, Bench


@pytest.fixture
async def other(engine: Bench, database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    """A second worker on the same database."""
    async with AsyncExitStack() as stack:
        yield await bench.engine(stack, database, tmp_path, engine.studio, "other")


async def begin_slow_delivery(engine: Bench) -> None:
    """Have a delivery under way that waits for its encoder."""
    await engine.settled()
    await engine.database.write(upload_limits.note_stated, GUILD, 1000)
    engine.fitter.available = True
    engine.fitter.may_end.clear()
    await engine.delivery.step()
    await engine.fitter.began.wait()


async def lease_until(engine: Bench) -> float:
    query = select(outbox_table.c.lease_until)
    return float(await engine.database.read(lambda conn: conn.execute(query).scalar_one()))


async def test_two_workers_never_post_the_same_message(engine: Bench, other: Bench) -> None:
    await begin_slow_delivery(engine)
    engine.studio.advance(engine.context.timings.lease_seconds + 1)
    await other.deliver()
    assert len(other.notifier.closings) == 1
    engine.fitter.may_end.set()
    await engine.delivery.drain()
    assert engine.notifier.closings == []
    assert await engine.undelivered() == 0


async def test_a_lease_is_renewed_while_its_worker_is_at_work(engine: Bench) -> None:
    engine.context.timings = replace(engine.context.timings, lease_seconds=0.6)
    await begin_slow_delivery(engine)
    first = await lease_until(engine)
    while await lease_until(engine) == first:  # noqa: ASYNC110 - the renewal is seen in the database only
        await asyncio.sleep(0.02)
    assert await lease_until(engine) > first
    engine.fitter.may_end.set()
    await engine.delivery.drain()
    assert len(engine.notifier.closings) == 1


async def test_a_worker_that_was_suspended_does_not_begin_again_what_it_is_at(engine: Bench) -> None:
    await begin_slow_delivery(engine)
    engine.studio.advance(engine.context.timings.lease_seconds + 1)
    await engine.delivery.step()
    engine.fitter.may_end.set()
    await engine.delivery.drain()
    assert len(engine.notifier.closings) == len(engine.fitter.limits) == 1
    assert await engine.undelivered() == 0


async def test_a_stop_that_cannot_wait_longer_leaves_the_message_to_the_next_start(
    engine: Bench, other: Bench, tmp_path: Path
) -> None:
    await begin_slow_delivery(engine)
    await engine.cut_off_deliveries()
    assert engine.notifier.closings == []
    assert list((tmp_path / "one").iterdir()) == []
    engine.studio.advance(engine.context.timings.lease_seconds + 1)
    await other.deliver()
    assert len(other.notifier.closings) == 1
