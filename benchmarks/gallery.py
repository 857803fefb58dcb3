"""A gallery of 100,000 results in one server: how long each kind of page takes, and a count of likes.

python -m benchmarks.gallery [--results 100000] [--postgresql]
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, insert

from benchmarks.filling import rows_of_jobs
from bot.domain.gallery import DAY, GalleryEntry, GalleryFilter, GalleryKind, GalleryOrder, model_key
from bot.domain.jobs import JobState
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.services.gallery import GalleryService
from bot.storage import gallery
from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables.gallery import gallery_entries_table
from bot.storage.tables.jobs import jobs_table
from sandbox import postgres

GUILD, CHANNELS, MEMBERS, MODELS = 1, 20, 500, 12
SECLUDED = 99
"""A channel with one result in a thousand, the only one that one reader sees."""
DAYS = 365
RUNS = 20
BATCH = 2_000


def fill(conn: Connection, numbers: range, count: int, now: float) -> None:
    """Write results that were posted over a year, with their jobs."""
    rows = [row | {"state": JobState.SUCCEEDED.value} for row in rows_of_jobs(numbers, count, now)]
    conn.execute(insert(jobs_table), rows)
    conn.execute(
        insert(gallery_entries_table),
        [
            {
                "kind": GalleryKind.VIDEO,
                "source_id": row["id"],
                "guild_id": GUILD,
                "channel_id": number % CHANNELS,
                "message_id": 10**6 + number,
                "place_id": SECLUDED if number % 1000 == 0 else number % CHANNELS,
                "member_id": number * 7919 % MEMBERS,
                "model_slug": f"model{number % MODELS}",
                "posted_at": now - DAYS * DAY * (1 - number / count),
                "likes": number * 31 % 997 // 200,
                "counted_at": now,
                "due_at": None,
            }
            for number, row in zip(numbers, rows, strict=True)
        ],
    )


async def prepare(database: Database, count: int) -> None:
    """Make a database with one large gallery."""
    await migrate(database)
    now = time.time()
    for first in range(0, count, BATCH):
        await database.write(fill, range(first, min(first + BATCH, count)), count, now)


async def measure(database: Database, count: int) -> None:
    """Print what each page takes."""
    context = EngineContext(
        database=database,
        clock=time.time,
        timings=EngineTimings(),
        providers={},
        worker_id="benchmark",
        durations=ModelDurations(database),
    )
    service, everywhere = GalleryService(context), frozenset(range(CHANNELS))

    def page(wanted: GalleryFilter, places: frozenset[int] = everywhere) -> Callable[[], Awaitable[object]]:
        return lambda: service.page(GUILD, wanted, 1, places, age_restricted_here=True)

    best, last = GalleryFilter(GalleryOrder.BEST), count // 6 - 1
    pages = {
        "the newest": page(GalleryFilter()),
        "the most liked of all": page(best),
        "the most liked of a week": page(GalleryFilter(GalleryOrder.BEST_OF_WEEK)),
        "the newest of one model": page(GalleryFilter(model=model_key("model3"))),
        "the most liked of one member": page(GalleryFilter(GalleryOrder.BEST, member_id=3)),
        "the newest, for who sees one channel of few results": page(GalleryFilter(), frozenset({SECLUDED})),
        f"page {last:,}": page(GalleryFilter(page=last)),
    }
    for name, read in pages.items():
        print(f"{database.dialect}: {name}: {await timed(read)}")
    [entry] = await database.read(lambda conn: gallery.page(
        conn, GUILD, GalleryFilter(), None, places=everywhere, hidden_models=(), now=time.time(), skipped=0, count=1
    ))  # fmt: skip
    print(f"{database.dialect}: a count of likes noted: {await timed(lambda: count_likes(database, entry))}")


async def count_likes(database: Database, entry: GalleryEntry) -> None:
    """Take the steps of a reaction, without Discord."""
    now = time.time()
    await database.write(gallery.make_due, [entry.message_id], now)
    [claimed] = await database.write(gallery.claim, now, now + 60, 5)

    def note(conn: Connection) -> None:
        gallery.looked_at(conn, claimed, place_id=3, likes=4, claimed_until=now + 60, next_at=None, now=now)

    await database.write(note)


async def timed(read: Callable[[], Awaitable[object]]) -> str:
    """Return the median time of a call, and the longest, in words."""
    seconds = []
    for _ in range(RUNS):
        began = time.monotonic()
        await read()
        seconds.append(time.monotonic() - began)
    return f"{1000 * median(seconds):.0f} ms, the longest {1000 * max(seconds):.0f} ms"


async def main(url: str, count: int) -> None:
    """Fill and measure."""
    database = await Database.open(url)
    try:
        await prepare(database, count)
        await measure(database, count)
    finally:
        await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gallery", description=__doc__)
    parser.add_argument("--results", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if arguments.postgresql:
            address = asyncio.run(stack.enter_context(postgres.server()).new_database())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gallery-"))
            address = f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"
        asyncio.run(main(address, arguments.results))
