"""The state of the whole bot in numbers, for those who watch it. Every query is bounded by an index or by open jobs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.jobs import JobState
from bot.domain.ledger_views import Balance
from bot.storage import accounts, job_lists, queue
from bot.storage.owner_view import owners_balance
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.tables.provider import OWNER_ACCOUNT

RECENT_SECONDS = 3600.0
"""Seconds that the numbers of ended jobs look back."""

_ENDED = (
    select(
        jobs_table.c.model_slug,
        jobs_table.c.state,
        func.count(),
        func.avg(jobs_table.c.running_at - jobs_table.c.created_at),
        func.avg(jobs_table.c.ended_at - jobs_table.c.running_at),
    )
    .where(jobs_table.c.erased_at.is_(None), jobs_table.c.ended_at > bindparam("since"))
    .group_by(jobs_table.c.model_slug, jobs_table.c.state)
)
_OLDEST_QUEUED = select(func.min(jobs_table.c.created_at)).where(
    jobs_table.c.ended_at.is_(None), jobs_table.c.state == JobState.QUEUED
)
_UNDELIVERED = select(func.count(), func.min(outbox_table.c.created_at)).where(outbox_table.c.done_at.is_(None))


@dataclass(frozen=True, slots=True)
class Ended:
    """Jobs of one model that ended in one state within RECENT_SECONDS. Waits are means in seconds; None: unknown."""

    model_slug: str
    state: JobState
    count: int
    queue_seconds: float | None
    render_seconds: float | None


@dataclass(frozen=True, slots=True)
class State:
    """One moment of the bot. Ages are seconds; 0 where nothing waits."""

    open_jobs: Mapping[JobState, int]
    ended: tuple[Ended, ...]
    oldest_queued_seconds: float
    undelivered: int
    oldest_undelivered_seconds: float
    balance: Balance
    posts: int
    """Requests of the last hour."""
    hourly_posts: int
    blocked: str
    """Why nothing is sent; empty: it is."""


def look(conn: Connection, now: float) -> State:
    """Return the state at `now`, in seconds since the epoch."""
    ended = conn.execute(_ENDED, {"since": now - RECENT_SECONDS})
    oldest = conn.execute(_OLDEST_QUEUED).scalar()
    undelivered, undelivered_since = conn.execute(_UNDELIVERED).one()
    account = accounts.find(conn, OWNER_ACCOUNT)
    return State(
        open_jobs=job_lists.count_open(conn),
        ended=tuple(Ended(*row) for row in ended),
        oldest_queued_seconds=0.0 if oldest is None else max(0.0, now - oldest),
        undelivered=undelivered,
        oldest_undelivered_seconds=0.0 if undelivered_since is None else max(0.0, now - undelivered_since),
        balance=owners_balance(conn, now),
        posts=len(queue.post_log(conn, OWNER_ACCOUNT, now)),
        hourly_posts=account.hourly_posts,
        blocked=account.blocked_for(now) or "",
    )
