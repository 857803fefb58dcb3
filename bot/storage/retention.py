"""What is old goes: the words of jobs first, and the jobs themselves once no history can show their renders."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, select, update

from bot.domain.gallery import GalleryKind
from bot.storage import job_erasing, showcase
from bot.storage.incident_erasing import IS_OPEN, OPEN_SECONDS_MAX
from bot.storage.tables.comparisons import comparison_clips_table, comparison_votes_table, comparisons_table
from bot.storage.tables.jobs import (
    job_events_table,
    jobs_table,
    outbox_table,
    owner_cases_table,
    posted_messages_table,
    renders_table,
)
from bot.storage.tables.moderation import content_refusals_table, incidents_table, reports_table
from bot.storage.tables.money import approvals_table
from bot.storage.tables.provider import accounts_table

NEWEST_KEPT = 500
"""Jobs of an account that stay, without their words: the provider's history may still show what it made for them, and
that must not look like somebody else's. The documented history is shorter."""

_THESE: BindParameter[str] = bindparam("job_ids", expanding=True)
_ACCOUNTS = select(accounts_table.c.id)
_NEWEST_GONE = (
    select(jobs_table.c.running_at)
    .where(jobs_table.c.account_id == bindparam("account"), jobs_table.c.running_at.is_not(None))
    .order_by(jobs_table.c.running_at.desc())
    .limit(1)
    .offset(NEWEST_KEPT)
)
_GONE = (
    select(jobs_table.c.id)
    .where(
        jobs_table.c.account_id == bindparam("account"),
        jobs_table.c.erased_at.is_not(None),
        jobs_table.c.ended_at <= bindparam("before"),
        func.coalesce(jobs_table.c.running_at, 0.0) <= bindparam("newest"),
        ~select(incidents_table.c.id).where(incidents_table.c.job_id == jobs_table.c.id).exists(),
    )
    .order_by(jobs_table.c.ended_at)
    .limit(bindparam("count"))
)
_PARTS = tuple(
    delete(table).where(table.c.job_id.in_(_THESE))
    for table in (
        job_events_table,
        renders_table,
        outbox_table,
        posted_messages_table,
        owner_cases_table,
        approvals_table,
        content_refusals_table,
    )
)
_COMPARISONS = select(jobs_table.c.comparison_id).where(
    jobs_table.c.id.in_(_THESE), jobs_table.c.comparison_id.is_not(None)
)
_UNTIE_CLIPS = update(comparison_clips_table).where(comparison_clips_table.c.job_id.in_(_THESE)).values(job_id=None)
_LEFT_BEHIND = select(comparisons_table.c.id).where(
    comparisons_table.c.id.in_(bindparam("comparison_ids", expanding=True)),
    ~select(jobs_table.c.id).where(jobs_table.c.comparison_id == comparisons_table.c.id).exists(),
)
_THESE_COMPARISONS: BindParameter[str] = bindparam("left_behind", expanding=True)
_FORGET_COMPARISONS = (
    delete(comparison_votes_table).where(comparison_votes_table.c.comparison_id.in_(_THESE_COMPARISONS)),
    delete(comparison_clips_table).where(comparison_clips_table.c.comparison_id.in_(_THESE_COMPARISONS)),
    delete(comparisons_table).where(comparisons_table.c.id.in_(_THESE_COMPARISONS)),
)
_JOBS = delete(jobs_table).where(jobs_table.c.id.in_(_THESE))
_OLD_INCIDENTS = (
    select(incidents_table.c.id)
    .where(incidents_table.c.created_at <= bindparam("before"), ~IS_OPEN)
    .order_by(incidents_table.c.created_at)
    .limit(bindparam("count"))
)
_THESE_INCIDENTS: BindParameter[int] = bindparam("incident_ids", expanding=True)
_REPORTS = delete(reports_table).where(reports_table.c.incident_id.in_(_THESE_INCIDENTS))
_INCIDENTS = delete(incidents_table).where(incidents_table.c.id.in_(_THESE_INCIDENTS))


def forget_words(conn: Connection, before: float, now: float, count: int, guild_id: int | None = None) -> int:
    """Take the words out of at most `count` jobs of one guild, or of all, that ended before a moment.

    Returns of how many.
    """
    job_ids = job_erasing.over_before(conn, before, now, count, guild_id)
    if job_ids:
        job_erasing.erase(conn, job_ids, now)
    return len(job_ids)


def forget_jobs(conn: Connection, before: float, count: int) -> int:
    """Drop at most `count` jobs without words that ended before a moment, and return how many. The ledger stays."""
    dropped = 0
    for account_id in conn.execute(_ACCOUNTS).scalars().all():
        newest = conn.execute(_NEWEST_GONE, {"account": account_id}).scalar()
        key = {"account": account_id, "before": before, "newest": -1.0 if newest is None else newest}
        job_ids = conn.execute(_GONE, key | {"count": count - dropped}).scalars().all()
        _drop(conn, job_ids)
        dropped += len(job_ids)
    return dropped


def forget_incidents(conn: Connection, before: float, now: float, count: int) -> int:
    """Drop at most `count` incidents from before a moment about which nothing is left to decide."""
    key = {"before": before, "incidents_given_up": now - OPEN_SECONDS_MAX, "count": count}
    incident_ids = conn.execute(_OLD_INCIDENTS, key).scalars().all()
    if incident_ids:
        conn.execute(_REPORTS, {"incident_ids": incident_ids})
        conn.execute(_INCIDENTS, {"incident_ids": incident_ids})
    return len(incident_ids)


def _drop(conn: Connection, job_ids: Sequence[str]) -> None:
    if not job_ids:
        return
    key = {"job_ids": job_ids}
    comparison_ids = conn.execute(_COMPARISONS, key).scalars().all()
    showcase.forget(conn, GalleryKind.VIDEO, job_ids)
    for statement in (*_PARTS, _UNTIE_CLIPS, _JOBS):
        conn.execute(statement, key)
    # A comparison goes with the last of its jobs, and what it says of models with it.
    if left_behind := conn.execute(_LEFT_BEHIND, {"comparison_ids": comparison_ids}).scalars().all():
        for statement in _FORGET_COMPARISONS:
            conn.execute(statement, {"left_behind": left_behind})
