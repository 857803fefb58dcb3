"""Sends what is queued: by fair share, under the key's hourly budget, written down before it leaves.

A clear refusal ends the job, a refusal of the account makes its queue wait, and whatever leaves the outcome unknown is
looked up (`bot.workers.reconciliation`) before anything is sent again.
"""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints, owner_notices
from bot.engine.acceptance import accept
from bot.engine.context import EngineContext
from bot.engine.settlement import failed, settle
from bot.storage import accounts, jobs, queue
from bot.storage.queue import Claim
from bot.studio import errors

log = logging.getLogger(__name__)

POSTS_IN_FLIGHT_MAX = 4
LEARNED_LIMIT_SECONDS = 6 * 3600.0
"""How long a stricter limit that a 429 taught is kept to."""
UNREACHABLE_SECONDS_MAX = 600.0


class Submitter:
    """One step sends everything that may leave now."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._in_flight: set[asyncio.Task[None]] = set()
        self._unreachable: dict[int, int] = {}
        """Account id → how often in a row the provider could not be reached."""

    async def step(self) -> float:
        """Claim and send until nothing may leave, then say in how many seconds something may."""
        context = self._context
        wait = context.timings.idle_seconds
        for account_id in context.providers:
            while len(self._in_flight) < POSTS_IN_FLIGHT_MAX:
                claim: Claim = await context.database.write(
                    queue.claim, account_id, context.worker_id, context.timings.lease_seconds, context.clock()
                )
                if claim.job is None:
                    if claim.look_again_at is not None:
                        wait = min(wait, max(0.0, claim.look_again_at - context.clock()))
                    break
                failpoints.hit("submit.after_claim")
                context.wake_events.cards.set()
                task = asyncio.create_task(self._send(claim.job), name=f"submit:{claim.job.id}")
                self._in_flight.add(task)
                task.add_done_callback(self._sent)
        return wait

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._context.wake_events.submit.set()
        if not task.cancelled() and (error := task.exception()):
            # The job stays `submitting`; its lease runs out and it is looked up.
            log.error("%s could not be noted", task.get_name(), exc_info=error)

    async def drain(self) -> None:
        """Wait for the POSTs under way: an answer that is heard need not be looked up after the restart."""
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _send(self, job: Job) -> None:
        context = self._context
        try:
            accepted = await context.providers[job.account_id].generate(job.payload)
        except errors.StudioError as error:
            failpoints.hit("submit.after_post")
            await self._note_error(job, error)
        else:
            failpoints.hit("submit.after_post")
            self._unreachable.pop(job.account_id, None)
            await context.database.write(accept, context, job, accepted)
            context.wake_events.poll.set()
        failpoints.hit("submit.after_note")
        context.wake_events.cards.set()

    async def _note_error(self, job: Job, error: errors.StudioError) -> None:
        context = self._context
        log.warning("job %s: %s: %s", job.id, type(error).__name__, error)
        if isinstance(error, errors.Unreachable):
            self._unreachable[job.account_id] = self._unreachable.get(job.account_id, 0) + 1
        await context.database.write(self._write_error, job, error)
        context.wake_events.deliver.set()
        context.wake_events.reconcile.set()

    def _write_error(self, conn: Connection, job: Job, error: errors.StudioError) -> None:
        """Write what a refusal or an unknown outcome means for the job and for its account."""
        now, timings = self._context.clock(), self._context.timings
        retry_at = now + timings.no_credits_retry_seconds
        match error:
            case errors.Unauthorized():
                self._requeue(conn, job, "the API key is not accepted", now)
                owner_notices.blocked(
                    conn, job.account_id, BlockedReason.UNAUTHORIZED, now + timings.no_credits_retry_seconds, now
                )
            case errors.Forbidden():
                self._requeue(conn, job, "the API key is not allowed to generate", now)
                owner_notices.blocked(
                    conn, job.account_id, BlockedReason.FORBIDDEN, now + timings.no_credits_retry_seconds, now
                )
            case errors.OutOfCredits():
                self._requeue(conn, job, "the provider account is out of credits", now)
                data: JsonObject = {"required": error.required, "available": error.available}
                owner_notices.blocked(conn, job.account_id, BlockedReason.NO_CREDITS, retry_at, now, data)
                accounts.note_credits(conn, job.account_id, error.available, now)
            case errors.RateLimited():
                self._requeue(conn, job, "the provider's hourly limit is reached", now)
                accounts.block(conn, job.account_id, None, now + (error.retry_after or timings.rate_limited_seconds))
                self._learn_limit(conn, job, now)
            case errors.Unreachable():
                self._requeue(conn, job, "the provider cannot be reached", now)
                queue.unlog_post(conn, job.account_id, job.id, job.attempt_at or now)
                times = self._unreachable.get(job.account_id, 1)
                wait = backoff_seconds(
                    times, timings.unreachable_seconds, UNREACHABLE_SECONDS_MAX, self._context.jitter()
                )
                accounts.block(conn, job.account_id, None, now + wait)
            case errors.Declined():
                settle(conn, job, failed(error.message), now, detail=f"refused by the provider: {error.message}")
            case _:
                jobs.transition(
                    conn, job.id, job.state, JobState.UNKNOWN, f"no clear answer: {error.message}", now,
                    due_at=now + timings.lookup_after_seconds,
                )  # fmt: skip

    @staticmethod
    def _requeue(conn: Connection, job: Job, detail: str, now: float) -> None:
        jobs.transition(conn, job.id, job.state, JobState.QUEUED, detail, now, due_at=None)

    @staticmethod
    def _learn_limit(conn: Connection, job: Job, now: float) -> None:
        """Learn from a 429 although our own log had room: something else uses the key, or the limit is lower.

        Each one halves the limit at most, so that a stray one does not all but stop an account for hours.
        """
        kept = accounts.find(conn, job.account_id).hourly_posts
        allowed = max(len(queue.post_log(conn, job.account_id, now)) - 1, kept // 2)
        if allowed < kept:
            accounts.lower_hourly_posts(conn, job.account_id, allowed, now + LEARNED_LIMIT_SECONDS)
