"""End a job. State, credits and the owed closing message change in one transaction, or not at all."""

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.engine import failpoints
from bot.engine.guild_channels import destination
from bot.engine.owner_cases import end_case
from bot.storage import holds, job_files, jobs, outbox


def settle(
    conn: Connection,
    job: Job,
    outcome: Outcome,
    now: float,
    *,
    detail: str,
    actor_id: int | None = None,
    attempts: int | None = None,
) -> None:
    """End `job`: capture the true charge or release the hold, and owe the closing message. There is no other way.

    With `attempts`, only if it was not sent since. Raises `jobs.StaleState` if the job has left the state that it was
    read in. The caller's transaction then changes nothing.
    """
    changes = {"charged": outcome.charged, "reason": outcome.reason, "ended_at": now, "due_at": None}
    jobs.transition(
        conn, job.id, job.state, outcome.state, detail, now, actor_id=actor_id, attempts=attempts, **changes
    )
    if outcome.charged > 0:
        holds.capture(conn, job.id, outcome.charged, now, kept=outcome.state is JobState.FAILED)
    else:
        holds.release(conn, job.id, now, outcome.reason or detail)
    end_case(conn, job)
    job_files.forget(conn, job.id)
    outbox.add(conn, job.id, destination(conn, job, outcome.state), now, job.comparison_id)
    failpoints.hit("settle.before_commit")


def failed(reason: str) -> Outcome:
    """Return the outcome of a job that cost nothing."""
    return Outcome(JobState.FAILED, 0, reason)
