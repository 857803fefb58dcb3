"""Forget what is old, in small steps: nobody waits for long for a transaction of this."""

import logging
from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import Connection

from bot.domain.batch_size import BatchSize
from bot.engine.context import EngineContext
from bot.storage import cast, guild_settings, reel_erasing, retention

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0
PAGES_A_STEP = 500
"""Free pages of a SQLite file that one step gives back to the disk."""
EVERY_SECONDS = 3600.0
"""Seconds from a step that found nothing old to the next one."""
PAUSE_SECONDS = 0.05
"""Seconds between two steps, in which others come to their turn."""


class Retention:
    """One step forgets a few jobs, and pictures that nobody uses.

    `days` is how long a job's words are kept after its end. A guild may keep them less long.
    """

    def __init__(self, context: EngineContext, days: int) -> None:
        self._context = context
        self._days = days
        self._batches: defaultdict[str, BatchSize] = defaultdict(BatchSize)
        """What is forgotten → how many rows a transaction takes: words take longer than reels."""

    async def step(self) -> float:
        """Forget some of what is too old, give the space back, and return the seconds to the next step."""
        database, now = self._context.database, self._context.clock()
        before = now - self._days * DAY_SECONDS
        shorter = await database.read(guild_settings.shorter_retentions, self._days)
        more = [
            *[await self._forget_earlier(guild_id, days, now) for guild_id, days in shorter.items()],
            await self._forget("words", lambda conn, rows: retention.forget_words(conn, before, now, rows)),
            await self._forget("incidents", lambda conn, rows: retention.forget_incidents(conn, before, now, rows)),
            await self._forget("jobs", lambda conn, rows: retention.forget_jobs(conn, before, rows)),
            await self._forget("reels", lambda conn, rows: reel_erasing.forget_old(conn, before, rows)),
            await self._forget("pictures", lambda conn, rows: cast.forget_unused(conn, before, rows)),
        ]
        await database.give_space_back(PAGES_A_STEP)
        if any(more):
            return PAUSE_SECONDS
        await database.empty_journal()
        return EVERY_SECONDS

    async def _forget_earlier(self, guild_id: int, days: int, now: float) -> bool:
        """Take the words out of jobs of a guild that keeps them less long, and drop reels and pictures left unused."""
        before = now - days * DAY_SECONDS
        words = await self._forget(
            "words", lambda conn, rows: retention.forget_words(conn, before, now, rows, guild_id)
        )
        reels = await self._forget("reels", lambda conn, rows: reel_erasing.forget_old(conn, before, rows, guild_id))
        pictures = await self._forget("pictures", lambda conn, rows: cast.forget_unused(conn, before, rows, guild_id))
        return words or reels or pictures

    async def _forget(self, what: str, forget: Callable[[Connection, int], int]) -> bool:
        """Forget one batch in a transaction of its own. Returns whether there may be more."""
        context, batch = self._context, self._batches[what]
        rows, began = batch.rows, context.steady()
        count = await context.database.write(forget, rows)
        batch.learn(count, context.steady() - began)
        if count:
            log.debug("%d %s are forgotten", count, what, extra={"action": "retention"})
        return count >= rows
