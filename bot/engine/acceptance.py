"""Note that the provider works on a job, whether its own answer says so or a later look-up.

The ids of an answer are facts, whatever became of the job meanwhile: they are never thrown away.
"""

import logging

from sqlalchemy import Connection

from bot.domain.cases import Candidate
from bot.domain.jobs import Job, JobState
from bot.domain.polling import Running, seconds_until_look
from bot.engine import account_health, owner_notices
from bot.engine.context import EngineContext
from bot.engine.owner_cases import end_case, hand_over
from bot.storage import accounts, jobs, queue, renders
from bot.studio.protocol import Accepted

log = logging.getLogger(__name__)

_STARTABLE = (JobState.SUBMITTING, JobState.UNKNOWN, JobState.QUEUED, JobState.UNRESOLVED)
"""States in which a job without renders takes the ids of an answer, however late it is."""


def accept(conn: Connection, context: EngineContext, job_id: str, accepted: Accepted) -> None:
    """Note an answer to a generate request. Calling this again with the same answer changes nothing.

    Renders that no job can own are told to the owners: the provider makes them, and charges for them.
    """
    now = context.clock()
    job = jobs.find(conn, job_id)
    if job is None:
        raise LookupError(f"there is no job {job_id}")
    # The account's row is locked before the job's, as the claim does it: the job may be queued again by now.
    accounts.find(conn, job.account_id, lock=True)
    jobs.lock(conn, job_id)
    job = jobs.find(conn, job_id) or job
    queue.post_arrived_by(conn, job, now)
    owners = renders.owners(conn, [one for one in accepted.job_ids if renders.storable(one)])
    free = [one for one in accepted.job_ids if one not in owners and renders.storable(one)]
    unowned = [one for one in accepted.job_ids if not renders.storable(one)]
    has_renders = bool(renders.of_jobs(conn, [job.id]))
    if free and job.state in _STARTABLE and not has_renders:
        run(conn, context, job, free, "accepted by the provider")
    elif not has_renders and job.state in (JobState.SUBMITTING, JobState.UNKNOWN):
        # Every id is another job's, or cannot be kept: perhaps the provider folds equal requests.
        others = [Candidate(one[: renders.REMOTE_ID_CHARACTERS_MAX]) for one in accepted.job_ids]
        hand_over(conn, job, "the provider answered with ids that the job cannot own", now, candidates=others)
    else:
        unowned += free
    if unowned or accepted.unused_ids:
        owner_notices.unowned(conn, job.id, unowned, accepted.unused_ids, now)
        log.error(
            "job %s: the provider made renders that no job owns: %s and %d more",
            job.id,
            unowned,
            accepted.unused_ids,
            extra={"action": "unowned_render", "job": job.id, "remote_ids": unowned},
        )
    account_health.accepted(conn, job, accepted.credits_remaining, now)


def run(conn: Connection, context: EngineContext, job: Job, remote_ids: list[str], detail: str) -> None:
    """Move `job` to `running`, note its remote ids, and let it be polled from now on.

    Raises `jobs.StaleState` if the job has left the state that it was read in.
    """
    now = context.clock()
    wait = seconds_until_look([Running(0.0, context.durations.looked_at_by(job.model_slug))])
    due_at = now + wait * context.timings.scale
    jobs.transition(conn, job.id, job.state, JobState.RUNNING, detail, now, running_at=now, due_at=due_at)
    end_case(conn, job)
    renders.add(conn, job.id, remote_ids)
