"""When jobs start and are ready: the same for everybody who asks, at a cost that does not grow with the queue."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.support.bench import Bench


@contextmanager
def looks_at_the_queue() -> Iterator[list[str]]:
    """Collect the statements that group the whole queue."""
    looks: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if "GROUP BY" in statement and "count(" in statement.lower():
            looks.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield looks
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_many_jobs_share_one_look_at_the_queue(engine: Bench) -> None:
    waiting = [await engine.ask(member=member) for member in range(1, 31)]
    with looks_at_the_queue() as looks:
        foreseen = [await engine.context.forecasts.of(job) for job in waiting]
    assert sorted(forecast.place or 0 for forecast in foreseen) == list(range(1, 31))
    assert len(looks) < len(waiting) / 2


async def test_a_job_that_came_after_the_look_is_foreseen_too(engine: Bench) -> None:
    first = await engine.context.forecasts.of(await engine.ask(member=1))
    second = await engine.context.forecasts.of(await engine.ask(member=2))
    assert (first.place, second.place) == (1, 2)
    assert second.starts_at is not None


async def test_a_job_that_was_sent_before_it_was_foreseen_is_starting(engine: Bench) -> None:
    job = await engine.ask()
    await engine.submit()
    forecast = await engine.context.forecasts.of(job)
    assert forecast.is_starting
    assert forecast.ready_at is not None
