"""A guild's queue is shown page by page, at a cost that does not grow with it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.engine import Engine

from bot.domain.jobs import new_job_id
from bot.services.operations import QUEUE_LINES, Operations
from bot.storage.tables.jobs import jobs_table
from tests.support.bench import GUILD, Bench

QUEUED = 5_000


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def fill(engine: Bench, number: int) -> None:
    """Queue jobs of fifty members, one second after the other."""
    job = await engine.ask()

    def write(conn: Connection) -> None:
        copies = (
            # Later than the look ahead at the first job, which would not show them.
            replace(job, id=new_job_id(), interaction_id=n, member_id=1 + n % 50, created_at=job.created_at + n)
            for n in range(1, number)
        )
        conn.execute(insert(jobs_table), [asdict(copy) for copy in copies])

    await engine.database.write(write)


async def test_a_page_of_a_long_queue_costs_a_few_queries_and_little_time(engine: Bench) -> None:
    await fill(engine, QUEUED)
    began = time.perf_counter()
    with statements() as asked:
        page = await Operations(engine.context).queue_page(GUILD, 250)
    assert len(asked) < 20, "no query for each line"
    assert time.perf_counter() - began < 2.0, "generous: machines are busy"
    assert (len(page.lines), page.count) == (QUEUE_LINES, QUEUED // QUEUE_LINES)
    ahead = [line.forecast.ahead_of_own for line in page.lines]
    assert ahead == [49] + [50] * (QUEUE_LINES - 1), "the first request of all is another member's"


@pytest.mark.parametrize(("number", "shown"), [(-3, 0), (0, 0), (1, 1), (99, 1)])
async def test_a_page_that_is_not_there_is_the_nearest(engine: Bench, number: int, shown: int) -> None:
    await fill(engine, 15)
    page = await Operations(engine.context).queue_page(GUILD, number)
    assert (page.number, page.count) == (shown, 2)


async def test_what_has_ended_is_not_read(engine: Bench) -> None:
    plan = "EXPLAIN QUERY PLAN " if engine.database.url.get_backend_name() == "sqlite" else "EXPLAIN "
    query = "SELECT id FROM jobs WHERE guild_id = 1 AND ended_at IS NULL ORDER BY created_at, id LIMIT 10"
    await fill(engine, 500)

    def read(conn: Connection) -> str:
        conn.execute(text("ANALYZE jobs"))
        return str(conn.execute(text(plan + query)).all())

    assert "ix_jobs_open" in await engine.database.write(read)
