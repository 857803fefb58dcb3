"""Noting that the provider has accepted a job, whether its own answer says so or a later look-up."""

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.polling import seconds_until_next_ask
from bot.engine import owner_notices
from bot.engine.context import EngineContext
from bot.engine.owner_cases import end_case
from bot.storage import jobs, renders
from bot.studio.protocol import Accepted


def accept(conn: Connection, context: EngineContext, job: Job, accepted: Accepted) -> None:
    """Move `job` to `running`, note its remote ids, and let it be polled from now on.

    Raises `jobs.StaleState` where the job has left the state that it was read in.
    """
    now = context.clock()
    wait = seconds_until_next_ask(0.0, context.durations.typical(job.model_slug), context.jitter())
    due_at = now + wait * context.timings.scale
    detail = "accepted by the provider"
    jobs.transition(conn, job.id, job.state, JobState.RUNNING, detail, now, running_at=now, due_at=due_at)
    end_case(conn, job)
    renders.add(conn, job.id, accepted.job_ids)
    owner_notices.answered(conn, job.account_id, accepted.credits_remaining, now)
