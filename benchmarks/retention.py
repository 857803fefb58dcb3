"""100,000 jobs that are too old: how long they take to be forgotten, and for how long a transaction of it takes.

python -m benchmarks.retention [--jobs 100000] [--postgresql]
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, func, insert, select

from benchmarks.filling import rows_of_jobs
from bot.domain.jobs import JobState
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables.jobs import job_events_table, jobs_table, outbox_table, renders_table
from bot.workers.retention import DAY_SECONDS, EVERY_SECONDS, Retention
from sandbox import postgres

P = ParamSpec("P")
T = TypeVar("T")

DAYS = 90
EVENTS_EACH = 4
BATCH = 2_000
MEBIBYTE = 1024 * 1024


def fill(conn: Connection, numbers: range, count: int, now: float) -> None:
    """Write jobs that ended long ago, each with its events, its render and its delivered message."""
    ended_at = now - 2 * DAYS * DAY_SECONDS
    jobs = [
        row
        | {
            "state": JobState.SUCCEEDED.value,
            "charged": 100,
            "due_at": None,
            "running_at": ended_at - 60,
            "ended_at": ended_at,
            "card_due_at": None,
            "status_message_id": None,
        }
        for row in rows_of_jobs(numbers, count, ended_at)
    ]
    conn.execute(insert(jobs_table), jobs)
    conn.execute(insert(renders_table), [_render(row["id"]) for row in jobs])
    conn.execute(insert(job_events_table), [event for row in jobs for event in _events(row["id"], ended_at)])
    conn.execute(insert(outbox_table), [_message(row, ended_at) for row in jobs])


class TimedDatabase(Database):
    """Knows how long each of its transactions took, in seconds: that is how long others waited for it."""

    transactions: list[float]

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction and take its time."""
        began = time.monotonic()
        done = await super().write(work, *args, **kwargs)
        self.transactions.append(time.monotonic() - began)
        return done


async def measure(url: str) -> None:
    """Forget everything, and print what it took."""
    database = await TimedDatabase.open(url)
    times: list[float] = []
    database.transactions = times
    try:
        context = EngineContext(
            database=database,
            clock=time.time,
            timings=EngineTimings(),
            providers={},
            worker_id="benchmark",
            durations=ModelDurations(database),
        )
        worker = Retention(context, DAYS)
        began, pause = time.monotonic(), 0.0
        while pause < EVERY_SECONDS:
            pause = await worker.step()
        left = await database.read(lambda conn: conn.execute(select(func.count()).select_from(jobs_table)).scalar_one())
    finally:
        await database.close()
    times.sort()
    print(
        f"{database.dialect}: forgotten in {time.monotonic() - began:.0f} s, {len(times):,} transactions; one takes "
        f"{1000 * median(times):.0f} ms, 99 of 100 at most {1000 * times[len(times) * 99 // 100]:.0f} ms, the longest "
        f"{1000 * times[-1]:.0f} ms; jobs left: {left:,}"
    )


async def prepare(url: str, count: int) -> None:
    """Make a database full of old jobs."""
    database = await Database.open(url)
    try:
        await migrate(database)
        now = time.time()
        for first in range(0, count, BATCH):
            await database.write(fill, range(first, min(first + BATCH, count)), count, now)
        await database.empty_journal()
    finally:
        await database.close()


def size_of(file: Path) -> str:
    """Return the size of a database's file."""
    return f"the file has {file.stat().st_size / MEBIBYTE:.0f} MiB"


def _render(job_id: str) -> dict[str, Any]:
    address = f"https://media.example/{job_id}.mp4"
    return {"remote_id": f"r-{job_id}", "job_id": job_id, "position": 0, "state": "completed", "result_urls": [address]}


def _events(job_id: str, at: float) -> Iterator[dict[str, Any]]:
    for state in (JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING, JobState.SUCCEEDED)[:EVENTS_EACH]:
        yield {"job_id": job_id, "at": at, "state": state.value, "detail": "as it happens"}


def _message(row: dict[str, Any], at: float) -> dict[str, Any]:
    place = {"channel_id": row["channel_id"], "message_channel_id": row["channel_id"], "message_id": 7}
    return {"job_id": row["id"], "created_at": at, "due_at": at, "done_at": at, "outcome": "channel"} | place


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retention", description=__doc__)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if arguments.postgresql:
            address = asyncio.run(stack.enter_context(postgres.server()).new_database())
            asyncio.run(prepare(address, arguments.jobs))
            asyncio.run(measure(address))
        else:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="retention-"))) / "bot.db"
            address = f"sqlite+aiosqlite:///{path}"
            asyncio.run(prepare(address, arguments.jobs))
            print(size_of(path))
            asyncio.run(measure(address))
            print(size_of(path))
