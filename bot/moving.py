"""`python -m bot move --to URL`: a bot on SQLite grows into PostgreSQL, with everything that it knows."""

import time
from collections.abc import Callable

from bot.composition.upgrade import bring_up_to_date
from bot.domain.quota import GuildDefaults
from bot.services.credits import CreditsService
from bot.storage import moving
from bot.storage.database import Database, database_file, parse_url
from bot.storage.database_problems import DatabaseProblem
from bot.storage.process_lock import ProcessLock

Say = Callable[[str], object]


async def move(source_url: str, target_url: str, say: Say = print) -> None:
    """Carry everything over, compare, and say what to do next. The old database is not changed.

    What was interrupted goes on where it stopped. Raises DatabaseProblem with one line.
    """
    if database_file(source_url) is None:
        raise DatabaseProblem("DATABASE_URL names no SQLite file: move carries a SQLite database to PostgreSQL")
    if not target_url.startswith("postgresql+asyncpg://"):
        raise DatabaseProblem("--to names no PostgreSQL database: postgresql+asyncpg://user:password@host/name")
    with ProcessLock(parse_url(source_url)):
        source = await Database.open(source_url)
        try:
            target = await Database.open(target_url)
            try:
                await bring_up_to_date(source)
                await _carry_over(source, target, say)
            finally:
                await target.close()
        finally:
            await source.close()


async def _carry_over(source: Database, target: Database, say: Say) -> None:
    if not await target.read(moving.is_unfinished):
        await bring_up_to_date(target)
    come = await target.write(moving.prepare, str(source.url.database))
    for table in moving.tables():
        moved, done = come[table]
        while not done:
            piece = await source.read(moving.read, table, moved)
            await target.write(moving.write, piece)
            moved, done = moved + len(piece.rows), piece.last
        if moved:
            say(f"{table}: {moved:,} rows")
    for table in moving.tables():
        here, there = await source.read(moving.count, table), await target.read(moving.count, table)
        if here != there:
            raise DatabaseProblem(
                f"{table} has {here:,} rows here and {there:,} there: empty the new database, begin anew"
            )
    wrong = await CreditsService(target, time.time, GuildDefaults()).check(repair=False)
    if wrong:
        raise DatabaseProblem(f"the ledger does not agree with its counters there: {wrong[0]}")
    await target.write(moving.finish)
    say("Everything is there, and the ledger agrees. Set DATABASE_URL to the new address, and start the bot.")
    say(f"{source.url.database} is as it was: keep it until the bot has run for a while.")
