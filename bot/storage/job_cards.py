"""The public cards of jobs: which are out of date, and which message in the channel each one is."""

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.domain.jobs import Job, JobState
from bot.storage import jobs
from bot.storage.tables.jobs import jobs_table

_STALE = (
    select(jobs_table.c.id)
    .where(
        jobs_table.c.card_due_at <= bindparam("now"),
        or_(jobs_table.c.shown_at.is_(None), jobs_table.c.shown_at <= bindparam("shown_before")),
    )
    .order_by(jobs_table.c.card_due_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_ONE = update(jobs_table).where(jobs_table.c.id == bindparam("key"))
_SHOWN = _ONE.values(shown_at=bindparam("now"), card_due_at=bindparam("next_due"))
_SET_DUE = _ONE.values(card_due_at=bindparam("moment"))
_SET_MESSAGE = _ONE.values(status_message_id=bindparam("message_id"))


def claim_stale(
    conn: Connection, now: float, *, pause_seconds: float, refresh_seconds: float, young_since: float, limit: int
) -> list[Job]:
    """Take jobs whose card is out of date, and note the cards as shown before they are: at worst one edit is missed.

    A card is shown at most once in `pause_seconds`. The card of a queued job created after `young_since` is due again
    after `refresh_seconds`, because its place and estimate change without a move of its own.
    """
    due = conn.execute(_STALE, {"now": now, "shown_before": now - pause_seconds, "count": limit}).scalars().all()
    found = [job for job_id in due if (job := jobs.find(conn, job_id))]
    for job in found:
        refreshed = job.state is JobState.QUEUED and job.created_at > young_since
        conn.execute(_SHOWN, {"key": job.id, "now": now, "next_due": now + refresh_seconds if refreshed else None})
    # An ended job that never had a card needs none any more: its closing message says it all.
    return [job for job in found if job.ended_at is None or job.status_message_id is not None]


def set_message(conn: Connection, job_id: str, message_id: int) -> None:
    """Note which message the card is."""
    conn.execute(_SET_MESSAGE, {"key": job_id, "message_id": message_id})


def set_due(conn: Connection, job_id: str, due_at: float) -> None:
    """Have the card shown at `due_at`, or later by the usual pause."""
    conn.execute(_SET_DUE, {"key": job_id, "moment": due_at})
