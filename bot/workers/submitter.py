"""Send what is queued: by fair share, under the key's hourly budget, written down before it leaves.

A clear refusal ends the job. A refusal of the account makes its queue wait. Whatever leaves the outcome unknown is
looked up (`bot.workers.reconciliation`) before anything is sent again.
"""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.domain.post_ages import PostAges
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.acceptance import accept
from bot.engine.context import EngineContext
from bot.engine.input_files import InputFiles
from bot.storage import jobs, queue
from bot.storage.queue import Claim
from bot.studio import errors
from bot.studio.protocol import Accepted
from bot.workers.inputs import Inputs
from bot.workers.refusals import Refusals, requeue

log = logging.getLogger(__name__)

POSTS_IN_FLIGHT_MAX = 4
"""POSTs of this process that wait for their answers at the same time."""
NOTE_SECONDS_FIRST, NOTE_SECONDS_MAX = 0.1, 30.0
"""Seconds from a failed note of an answer to the next try: after the first failure, and after many in a row."""


class Submitter:
    """One step sends everything that may leave now."""

    def __init__(self, context: EngineContext, files: InputFiles) -> None:
        self._context = context
        self._inputs = Inputs(context, files)
        self._refusals = Refusals(context)
        self._ages: dict[int, PostAges] = {}
        """Account id → the true ages of its POSTs."""
        self._in_flight: set[asyncio.Task[None]] = set()

    async def step(self) -> float:
        """Claim and send until nothing may leave. Return the seconds after which something may."""
        context = self._context
        wait = context.timings.idle_seconds
        for account_id in context.providers:
            while len(self._in_flight) < POSTS_IN_FLIGHT_MAX:
                claimed_at, now = context.steady(), context.clock()
                claim: Claim = await context.database.write(
                    queue.claim,
                    account_id,
                    context.worker_id,
                    context.timings.lease_seconds,
                    now,
                    self._ages.setdefault(account_id, PostAges(context.steady)),
                )
                if claim.job is None:
                    wait = min(wait, context.seconds_until(claim.look_again_at))
                    break
                failpoints.hit("submit.after_claim")
                context.wake_events.cards.set()
                task = asyncio.create_task(self._send(claim.job, claimed_at), name=f"submit:{claim.job.id}")
                self._in_flight.add(task)
                task.add_done_callback(self._sent)
        return wait

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._context.wake_events.submit.set()
        if not task.cancelled() and (error := task.exception()):
            # The job stays `submitting`. Its lease runs out and it is looked up.
            log.error("%s could not be noted", task.get_name(), exc_info=error, extra={"action": "submit"})

    async def drain(self) -> None:
        """Wait for the POSTs under way: an answer that is heard need not be looked up after the restart."""
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _send(self, claimed: Job, claimed_at: float) -> None:
        context = self._context
        if not await self._inputs.ready(claimed):
            return
        job = await self._pass_fence(claimed, claimed_at)
        if job is None:
            return
        log.debug("job %s is sent", job.id, extra={"action": "submit", "job": job.id, "attempt": job.attempts})
        try:
            accepted = await context.providers[job.account_id].generate(job.payload)
        except errors.StudioError as error:
            failpoints.hit("submit.after_post")
            await self._note_error(job, error)
        else:
            failpoints.hit("submit.after_post")
            await self._note_accepted(job, accepted)
        failpoints.hit("submit.after_note")
        context.wake_events.cards.set()

    async def _pass_fence(self, claimed: Job, claimed_at: float) -> Job | None:
        """Return the job if it may be sent now, else None.

        Between the claim and this moment the process may have been stopped, and the job taken over. It may also be
        stopped right after the fence, so the time is looked at once more: nothing is awaited from here to the POST.
        """
        context = self._context
        if not self._recent(claimed_at):
            log.warning("job %s: its claim is too old", claimed.id, extra={"action": "give_up", "job": claimed.id})
            return None  # its lease ends, and it is put back
        fenced_at, timings = context.steady(), context.timings
        job = await context.database.write(
            queue.fence, claimed, context.worker_id, timings.lease_seconds, timings.claim_seconds_max, context.clock()
        )
        failpoints.hit("submit.after_fence")
        if job is None:
            log.warning(
                "job %s was taken over, or its claim is too old",
                claimed.id,
                extra={"action": "give_up", "job": claimed.id},
            )
            return None
        if not self._recent(fenced_at):
            log.warning("job %s: it is too late to send it", job.id, extra={"action": "give_up", "job": job.id})
            await self._put_back(job)
            return None
        return job

    def _recent(self, moment: float) -> bool:
        """Return whether little time has passed since `moment`, by the clock that nobody sets."""
        return self._context.steady() - moment <= self._context.timings.claim_seconds_max

    async def _put_back(self, job: Job) -> None:
        def write(conn: Connection) -> None:
            requeue(conn, job, "it was too late to send it", self._context.clock())
            queue.unlog_post(conn, job)

        try:
            await self._context.database.write(write)
        except jobs.StaleState:
            log.debug("job %s was taken over", job.id, extra={"action": "give_up", "job": job.id})

    async def _note_accepted(self, job: Job, accepted: Accepted) -> None:
        """Write the ids of an answer down, however often it takes: the provider makes and charges these renders."""
        context = self._context
        self._refusals.accepted(job.account_id)
        fields = {"action": "accepted", "job": job.id, "remote_ids": list(accepted.job_ids)}
        log.info("job %s: accepted as %s", job.id, ", ".join(accepted.job_ids), extra=fields)
        failures = 0
        while True:
            try:
                await context.database.write(accept, context, job.id, accepted)
                break
            except Exception:
                failures += 1
                log.exception("job %s: the ids %s cannot be noted", job.id, ", ".join(accepted.job_ids), extra=fields)
                await asyncio.sleep(backoff_seconds(failures, NOTE_SECONDS_FIRST, NOTE_SECONDS_MAX, context.jitter()))
        context.wake_events.poll.set()

    async def _note_error(self, job: Job, error: errors.StudioError) -> None:
        context = self._context
        fields = {"action": "refused", "job": job.id, "error": type(error).__name__}
        log.warning("job %s: %s", job.id, type(error).__name__, extra=fields)
        try:
            await context.database.write(self._refusals.note, job, error)
        except jobs.StaleState:
            log.debug("job %s was taken over meanwhile", job.id, extra=fields)
        context.wake_events.deliver.set()
        context.wake_events.reconcile.set()
