"""Copy the database once a day, where the owner wants it (SQLite only)."""

import asyncio
import logging
from pathlib import Path

from bot.domain.clock import Clock
from bot.storage import copies
from bot.storage.database_problems import DatabaseProblem

log = logging.getLogger(__name__)

EVERY_SECONDS = 86_400.0
"""Seconds between two copies."""
RETRY_SECONDS = 900.0
"""Seconds after a copy that failed."""


class Backups:
    """Keep the newest `kept` copies of a database in `folder`."""

    def __init__(self, source: Path, folder: Path, kept: int, clock: Clock) -> None:
        self._source = source
        self._folder = folder
        self._kept = kept
        self._clock = clock

    async def step(self) -> float:
        """Make the copy that is due. A restart makes none before its time."""
        now = self._clock()
        made = await asyncio.to_thread(copies.dated_copies, self._folder)
        # A copy from the future was made by a wrong clock.
        age = max(0.0, now - made[-1][0]) if made else EVERY_SECONDS
        if age < EVERY_SECONDS:
            return EVERY_SECONDS - age
        try:
            await asyncio.to_thread(copies.copy, self._source, self._folder / copies.dated_name(now))
        except DatabaseProblem as problem:
            # No failure of the loop: the bot itself is well. The doctor tells how old the newest copy is.
            log.error("no backup was made: %s", problem, extra={"action": "backup"})
            return RETRY_SECONDS
        await asyncio.to_thread(copies.drop_old, self._folder, self._kept)
        log.info("a backup was made", extra={"action": "backup"})
        return EVERY_SECONDS
