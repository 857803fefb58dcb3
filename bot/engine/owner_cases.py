"""Hand a job to an owner when nobody else can tell how it ended, and end the case when somebody can."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.cases import Candidate
from bot.domain.jobs import Job, JobState
from bot.engine import owner_notices
from bot.storage import cases, jobs, notices


def hand_over(
    conn: Connection,
    job: Job,
    why: str,
    now: float,
    *,
    candidates: Sequence[Candidate] = (),
    due_at: float | None = None,
) -> None:
    """Make `job` an owner's case. Its hold stands, its card says so, and the owners are told.

    `why` is in plain words. `candidates` are renders that could be the job's. `due_at` says when the engine looks at
    the job again by itself; None means never. Raises `jobs.StaleState` if the job has left the state it was read in.
    """
    jobs.transition(conn, job.id, job.state, JobState.UNRESOLVED, f"an owner decides: {why}", now, due_at=due_at)
    cases.open_case(conn, job.id, why, candidates, now)
    owner_notices.unresolved(conn, job, why, now)


def end_case(conn: Connection, job: Job) -> None:
    """Drop the case and its notice if `job` was one."""
    if job.state is JobState.UNRESOLVED:
        cases.close_case(conn, job.id)
        notices.over(conn, owner_notices.unresolved_key(job.id))
