"""Moments that a clock wrote which was wrong for a while: what lies too far ahead is brought back to now.

A clock that is a day ahead for a minute would otherwise hold up for a day what was written in that minute: the log of
POSTs, leases, due times and blocks.
"""

from sqlalchemy import Column, ColumnElement, Connection, Update, bindparam, select, text, true, update

from bot.domain.jobs import JobState
from bot.storage.tables.jobs import jobs_table, outbox_table, posted_messages_table
from bot.storage.tables.provider import accounts_table, posts_table

PAST_AHEAD_SECONDS = 90.0
"""Seconds by which a moment of the past may lie ahead: clocks differ a little, and a POST whose sender died counts from
the latest moment at which it can have arrived."""
DUE_AHEAD_SECONDS = 3700.0
"""Seconds by which a moment at which something is due may lie ahead. No pause of the engine is longer than an hour."""

_LIVE = jobs_table.c.state.in_(
    (JobState.QUEUED, JobState.SUBMITTING, JobState.UNKNOWN, JobState.RUNNING, JobState.UNRESOLVED)
)
_OWED = outbox_table.c.done_at.is_(None)
_ALL = true()


def _clamp(column: Column[float], ahead: float, where: ColumnElement[bool]) -> Update:
    return update(column.table).where(where, column > bindparam("now") + ahead).values({column.name: bindparam("now")})


_CLAMPS = (
    _clamp(posts_table.c.at, PAST_AHEAD_SECONDS, _ALL),
    _clamp(jobs_table.c.attempt_at, PAST_AHEAD_SECONDS, _LIVE),
    _clamp(jobs_table.c.running_at, PAST_AHEAD_SECONDS, _LIVE),
    _clamp(jobs_table.c.shown_at, PAST_AHEAD_SECONDS, jobs_table.c.card_due_at.is_not(None)),
    _clamp(jobs_table.c.due_at, DUE_AHEAD_SECONDS, _LIVE),
    _clamp(jobs_table.c.card_due_at, DUE_AHEAD_SECONDS, _ALL),
    _clamp(outbox_table.c.due_at, DUE_AHEAD_SECONDS, _OWED),
    _clamp(outbox_table.c.lease_until, DUE_AHEAD_SECONDS, _OWED),
    _clamp(posted_messages_table.c.delete_due_at, DUE_AHEAD_SECONDS, _ALL),
    _clamp(accounts_table.c.blocked_until, DUE_AHEAD_SECONDS, _ALL),
    _clamp(accounts_table.c.hourly_posts_until, DUE_AHEAD_SECONDS, _ALL),
)


def clamp(conn: Connection, now: float) -> int:
    """Bring moments back that lie too far ahead of `now`, and return how many there were.

    A POST that was logged ahead counts from now on: that is later than it was sent, so the hourly limit is kept.
    """
    return sum(conn.execute(statement, {"now": now}).rowcount for statement in _CLAMPS)


def database_time(conn: Connection) -> float:
    """Return the time of PostgreSQL's clock, in seconds since the epoch."""
    return float(conn.execute(select(text("extract(epoch from clock_timestamp())"))).scalar_one())
