"""Tidy up now and then: drop what no decision needs any more, and free what dead workers held."""

import logging

from sqlalchemy import Connection

from bot.engine.context import EngineContext
from bot.storage import accounts, erasing, erasures, jobs, moments, outbox, queue

log = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
"""Seconds between two steps."""

LONGEST_PERIOD_SECONDS = 32 * 86_400.0
"""More seconds than any day, week or month has."""


class Housekeeping:
    """One step tidies up."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def step(self) -> float:
        """Drop what is old, bring back what a wrong clock wrote, and read the durations that other processes noted."""
        context = self._context
        now = context.clock()
        clamped = await context.database.write(moments.clamp, now)
        if clamped:
            log.warning("%d moments lay ahead of the clock: it was set back", clamped, extra={"action": "clamp"})
        await context.database.write(queue.forget, now)
        await context.database.write(erasing.forget_carried, now - LONGEST_PERIOD_SECONDS)
        await context.database.write(accounts.forget_lowered_limits, context.posts_per_hour, now)
        await context.durations.load()
        return EVERY_SECONDS


def release_leases(conn: Connection, now: float) -> None:
    """Free every lease, at the start of the only process on a database: whoever held one is gone."""
    outbox.release_leases(conn)
    jobs.release_leases(conn, now)
    erasures.release(conn, now)
