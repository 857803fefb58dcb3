"""Tidy up now and then: drop what no decision needs any more, and free what dead workers held."""

import logging

from sqlalchemy import Connection

from bot.engine.context import EngineContext
from bot.storage import (
    accounts,
    departures,
    erasing,
    erasures,
    guild_erasing,
    jobs,
    moments,
    outbox,
    queue,
    reel_render_claims,
    showcase,
)

log = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
"""Seconds between two steps."""

GUILD_KEPT_SECONDS = 30 * 86_400.0
"""Seconds for which a guild's data is kept after the bot has left it."""
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
        await self._forget_guild(now)
        return EVERY_SECONDS

    async def _forget_guild(self, now: float) -> None:
        """Have the data of one guild erased that the bot left long ago."""
        context = self._context

        def write(conn: Connection) -> int | None:
            guild_id = departures.overdue(conn, now - GUILD_KEPT_SECONDS)
            if guild_id is not None:
                departures.forgotten(conn, guild_id, now)
                guild_erasing.forget(conn, guild_id, now)
            return guild_id

        guild_id = await context.database.write(write)
        if guild_id is not None:
            log.info("a guild that the bot left is forgotten", extra={"action": "forget", "guild": guild_id})
            context.wake_events.erase.set()


def release_leases(conn: Connection, now: float) -> None:
    """Free every lease, at the start of the only process on a database: whoever held one is gone."""
    outbox.release_leases(conn)
    jobs.release_leases(conn, now)
    erasures.release(conn, now)
    showcase.release(conn, now)
    reel_render_claims.release(conn, now)
