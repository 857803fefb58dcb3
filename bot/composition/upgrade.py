"""Bring a database's schema to the newest version; what it was before is kept beside it."""

import asyncio
import logging

from bot.storage import copies, moving
from bot.storage.database import Database, database_file
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import migrate, versions

log = logging.getLogger(__name__)


async def bring_up_to_date(database: Database) -> None:
    """Apply the migrations that are missing. A SQLite file with data in it is copied first.

    Raises DatabaseProblem; then nothing was changed.
    """
    if await database.read(moving.is_unfinished):
        raise DatabaseProblem("a move into this database was not finished: run `python -m bot move` again, or empty it")
    current, newest = await versions(database)
    file = database_file(database.url.render_as_string(hide_password=False))
    if file is not None and current is not None and current != newest:
        kept = file.with_name(f"{file.name}.version-{current}")
        if not kept.exists():
            await asyncio.to_thread(copies.copy, file, kept)
            log.info("the database of version %s is kept as %s", current, kept.name, extra={"action": "backup"})
    await migrate(database)
