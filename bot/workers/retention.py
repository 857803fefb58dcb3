"""Forget what is old, in small steps: nobody waits for long for a transaction of this."""

import logging

from bot.engine.context import EngineContext
from bot.storage import guild_settings, reel_erasing, retention

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0
ROWS_A_TRANSACTION = 100
"""Jobs, or incidents, that one transaction takes."""
PAGES_A_STEP = 500
"""Free pages of a SQLite file that one step gives back to the disk."""
EVERY_SECONDS = 3600.0
"""Seconds from a step that found nothing old to the next one."""
PAUSE_SECONDS = 0.05
"""Seconds between two steps, in which others come to their turn."""


class Retention:
    """One step forgets a few jobs.

    `days` is how long a job's words are kept after its end. A guild may keep them less long.
    """

    def __init__(self, context: EngineContext, days: int) -> None:
        self._context = context
        self._days = days

    async def step(self) -> float:
        """Forget some of what is too old, give the space back, and return the seconds to the next step."""
        database, now = self._context.database, self._context.clock()
        before = now - self._days * DAY_SECONDS
        shorter = await database.read(guild_settings.shorter_retentions, self._days)
        done = [
            *[await self._forget_earlier(guild_id, days, now) for guild_id, days in shorter.items()],
            await database.write(retention.forget_words, before, now, ROWS_A_TRANSACTION),
            await database.write(retention.forget_incidents, before, now, ROWS_A_TRANSACTION),
            await database.write(retention.forget_jobs, before, ROWS_A_TRANSACTION),
            await database.write(reel_erasing.forget_old, before, ROWS_A_TRANSACTION),
        ]
        await database.give_space_back(PAGES_A_STEP)
        if any(done):
            log.debug("jobs without words, incidents, jobs and reels gone: %s", done, extra={"action": "retention"})
        if max(done) == ROWS_A_TRANSACTION:
            return PAUSE_SECONDS
        await database.empty_journal()
        return EVERY_SECONDS

    async def _forget_earlier(self, guild_id: int, days: int, now: float) -> int:
        """Take the words out of jobs of a guild that keeps them less long, and drop reels that nobody goes on with."""
        database, before = self._context.database, now - days * DAY_SECONDS
        return max(
            await database.write(retention.forget_words, before, now, ROWS_A_TRANSACTION, guild_id),
            await database.write(reel_erasing.forget_old, before, ROWS_A_TRANSACTION, guild_id),
        )
