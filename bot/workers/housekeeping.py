"""What is done now and then: drop what no decision needs any more, and free what dead workers held."""

from sqlalchemy import Connection, update

from bot.domain.jobs import JobState
from bot.engine.context import EngineContext
from bot.storage import accounts, outbox, queue
from bot.storage.tables.jobs import jobs_table

EVERY_SECONDS = 300.0


class Housekeeping:
    """One step tidies up."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def step(self) -> float:
        """Forget old POSTs, fair tags and learned limits; learn model times that other processes noted."""
        context = self._context
        now = context.clock()
        await context.database.write(queue.forget, now)
        await context.database.write(accounts.forget_lowered_limits, context.posts_per_hour, now)
        await context.durations.load()
        return EVERY_SECONDS


def release_leases(conn: Connection, now: float) -> None:
    """At the start of the only process on a database: every lease belongs to a process that is gone."""
    outbox.release_leases(conn)
    conn.execute(update(jobs_table).where(jobs_table.c.state == JobState.SUBMITTING.value).values(lease_until=now))
    polled = (JobState.RUNNING.value, JobState.UNKNOWN.value)
    conn.execute(update(jobs_table).where(jobs_table.c.state.in_(polled), jobs_table.c.due_at > now).values(due_at=now))
