"""Why a job waits for an owner's decision, and the renders that could be its own. A row stands while it waits."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.cases import Candidate, Case
from bot.domain.jobs import JobState
from bot.storage import jobs
from bot.storage.tables.jobs import owner_cases_table
from bot.storage.upsert import upsert

_OPEN = upsert(owner_cases_table, [owner_cases_table.c.why, owner_cases_table.c.since, owner_cases_table.c.candidates])
_RENEW = (
    update(owner_cases_table)
    .where(owner_cases_table.c.job_id == bindparam("job"))
    .values(why=bindparam("reason"), candidates=bindparam("found"))
)
_CLOSE = delete(owner_cases_table).where(owner_cases_table.c.job_id == bindparam("job"))
_OF_JOBS = select(owner_cases_table).where(owner_cases_table.c.job_id.in_(bindparam("job_ids", expanding=True)))


def open_case(conn: Connection, job_id: str, why: str, candidates: Sequence[Candidate], now: float) -> None:
    """Keep why a job waits for an owner. A later reason replaces an earlier one."""
    kept = [candidate.to_json() for candidate in candidates]
    conn.execute(_OPEN, {"job_id": job_id, "why": why, "since": now, "candidates": kept})


def renew_case(conn: Connection, job_id: str, why: str, candidates: Sequence[Candidate]) -> None:
    """Keep what a later look-up found for a case that stands."""
    conn.execute(_RENEW, {"job": job_id, "reason": why, "found": [candidate.to_json() for candidate in candidates]})


def close_case(conn: Connection, job_id: str) -> None:
    """Drop the case of a job that waits no more."""
    conn.execute(_CLOSE, {"job": job_id})


def open_cases(conn: Connection, limit: int) -> list[Case]:
    """Return the oldest jobs that wait for an owner's decision."""
    waiting = jobs.in_state(conn, JobState.UNRESOLVED, limit)
    rows = {row.job_id: row for row in conn.execute(_OF_JOBS, {"job_ids": [job.id for job in waiting]})}
    cases = []
    for job in waiting:
        row = rows.get(job.id)
        if row is None:  # handed over by an earlier version
            cases.append(Case(job, "nobody could tell how it ended", job.attempt_at or job.created_at))
        else:
            cases.append(Case(job, row.why, row.since, tuple(Candidate(**kept) for kept in row.candidates)))
    return cases
