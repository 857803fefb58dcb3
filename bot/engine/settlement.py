"""The only way to end a job: state, credits and the owed closing message change in one transaction, or not at all."""

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.engine import failpoints
from bot.storage import holds, jobs, outbox


def settle(
    conn: Connection, job: Job, outcome: Outcome, now: float, *, detail: str, actor_id: int | None = None
) -> None:
    """End `job`, which is expected to be in the state that it was read in.

    Captures the true charge or releases the hold, and owes the closing message. Raises `jobs.StaleState` where somebody
    else ended it first; the caller's transaction then changes nothing.
    """
    changes = {"charged": outcome.charged, "reason": outcome.reason, "ended_at": now, "due_at": None}
    jobs.transition(conn, job.id, job.state, outcome.state, detail, now, actor_id=actor_id, **changes)
    if outcome.charged > 0:
        holds.capture(conn, job.id, outcome.charged, now, kept=outcome.state is JobState.FAILED)
    else:
        holds.release(conn, job.id, now, outcome.reason or detail)
    outbox.add(conn, job.id, job.channel_id, now)
    failpoints.hit("settle.before_commit")


def failed(reason: str) -> Outcome:
    """The outcome of a job that never cost anything."""
    return Outcome(JobState.FAILED, 0, reason)
