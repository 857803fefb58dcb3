"""Drain the outbox: every settled job gets its one closing message, through crashes and refusals.

A message is tried until Discord answers. Three things keep it from being posted twice: its nonce comes from the job,
before any further attempt the channel is searched for the job's mark, and only the worker that holds the lease posts.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.guild_log import LogKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import Job, JobState
from bot.domain.lineage import Relative
from bot.domain.postings import DIRECT, UNDELIVERABLE
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.guild_channels import lose_channel
from bot.engine.notifier import (
    Closing,
    Delivered,
    DeliveryImpossible,
    DeliveryLater,
    Notifier,
    Unattached,
    UploadTooLarge,
)
from bot.storage import age_restricted, gallery, guild_log, job_cards, jobs, lineage, outbox, upload_limits
from bot.storage.outbox import Owed
from bot.workers.closing import HIDDEN, closing_of
from bot.workers.comparison_messages import ComparisonMessages, note_comparison
from bot.workers.result_files import UPLOAD_ATTEMPTS_MAX, DownloadFailed, ResultFiles, require_files

log = logging.getLogger(__name__)

DELIVERIES_AT_ONCE = 32
"""Messages under way at once; most wait for somebody's answer."""
FILE_DELIVERIES_AT_ONCE = 8
"""Messages under way whose files are on the disk."""

_IN_A_CHANNEL = "channel"
_OUTCOMES = {"card": "card", "results": _IN_A_CHANNEL, "channel": _IN_A_CHANNEL, "dm": DIRECT}
"""How a message was delivered → the outcome that is stored. The stored channel tells whether it is the results'."""


class _LeaseLost(Exception):
    """Another worker has taken the message over."""


class Delivery:
    """Each step begins to deliver what is due. A message that takes long holds up only its own channel."""

    def __init__(
        self,
        context: EngineContext,
        notifier: Notifier,
        files: ResultFiles,
        comparisons: ComparisonMessages | None = None,
    ) -> None:
        """Take what composes the messages of comparisons, too; None where there are none."""
        self._context = context
        self._notifier = notifier
        self._files = files
        self._comparisons = comparisons
        self._file_gate = asyncio.Semaphore(FILE_DELIVERIES_AT_ONCE)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        """Job id → its delivery."""

    async def step(self) -> float:
        """Begin what is due. Returns the seconds until the next message may be."""
        context = self._context
        free = DELIVERIES_AT_ONCE - len(self._under_way)
        if free > 0:
            lease = context.timings.lease_seconds
            claimed = await context.database.write(outbox.claim, context.worker_id, lease, context.clock(), free)
            if claimed:
                failpoints.hit("delivery.after_claim")
            for owed in claimed:
                self._begin(owed)
        next_due = await context.database.read(outbox.next_due)
        idle = context.timings.idle_seconds
        # Not at once even if something is due: it may be waiting for an earlier message of its channel.
        return idle if next_due is None else min(idle, max(idle / 4, next_due - context.clock()))

    async def drain(self) -> None:
        """Wait for the deliveries under way. Where this is cancelled, they are."""
        tasks = list(self._under_way.values())
        try:
            if tasks:
                await asyncio.wait(tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    def _begin(self, owed: Owed) -> None:
        # A process that was suspended can claim again what it is still delivering.
        if owed.job_id in self._under_way:
            return
        task = asyncio.create_task(self._deliver(owed), name=f"deliver:{owed.job_id}")
        self._under_way[owed.job_id] = task
        task.add_done_callback(lambda ended: self._ended(owed, ended))

    def _ended(self, owed: Owed, task: asyncio.Task[None]) -> None:
        del self._under_way[owed.job_id]
        self._context.wake_events.deliver.set()  # the next message of its channel may be free now
        if not task.cancelled() and (error := task.exception()):
            # Its lease runs out, and then it is tried again.
            log.error("job %s: its delivery could not be noted", owed.job_id, exc_info=error, extra=_fields(owed))

    async def _deliver(self, owed: Owed) -> None:
        try:
            async with self._lease_renewed(owed):
                if owed.comparison_id is None or self._comparisons is None:
                    delivered = await self._post(owed)
                else:
                    async with self._file_gate:
                        delivered = await self._comparisons.post(owed, lambda: self._renew(owed))
        except _LeaseLost:
            log.warning("job %s: another worker took its closing message over", owed.job_id, extra=_fields(owed))
        except DeliveryLater as problem:
            await self._later(owed, str(problem), problem.retry_after)
        except DownloadFailed as problem:
            await self._later(owed, str(problem), failed_download=True)
        except DeliveryImpossible as problem:
            log.warning(
                "job %s: its closing message cannot be delivered: %s", owed.job_id, problem, extra=_fields(owed)
            )
            await self._done(owed, None)
        except Exception as error:
            # One message that breaks must not stop the others; it is tried again like any other failure.
            log.exception("job %s: delivery failed", owed.job_id, extra=_fields(owed))
            await self._later(owed, f"{type(error).__name__}: {error}")
        else:
            await self._done(owed, delivered)

    async def _post(self, owed: Owed) -> Delivered:
        job, parent, cancelled_by = await self._context.database.read(_job, owed)
        # A copy that a member asked for is not told from the first message by its mark; its nonce alone must do.
        if owed.attempts > 1 and owed.copy == 1:
            for channel_id in {owed.channel_id, job.channel_id}:
                found = await self._notifier.find_posted(channel_id, owed.job_id, owed.created_at)
                if found is not None:
                    if found == (job.channel_id, job.status_message_id):
                        return Delivered(*found, "card")  # turned before, and not noted
                    return Delivered(*found, "results" if channel_id != job.channel_id else "channel")
        if job.state is not JobState.SUCCEEDED:
            closing = replace(closing_of(job, owed, (), parent), cancelled_by=cancelled_by)
            called_back = _is_called_back(job, owed, cancelled_by)
            turned = None if called_back else await self._notifier.turn_card(closing)
            return turned or await self._upload(owed, closing)
        shown_in = await self._shown_in(owed, job)
        if shown_in is not None and not shown_in:
            return await self._upload(owed, replace(closing_of(job, owed, HIDDEN, parent), shown_in=shown_in))
        async with self._file_gate:
            results = await self._files.fetch(job)
            try:
                require_files(results, owed.failed_downloads)
                failpoints.hit("delivery.after_download")
                closing = replace(closing_of(job, owed, results, parent), shown_in=shown_in)
                if shown_in is not None and owed.channel_id not in shown_in:
                    closing = replace(closing, results_channel_id=None)  # the channel of the request is the right one
                return await self._upload(owed, closing)
            finally:
                await self._files.discard(job.id)

    async def _shown_in(self, owed: Owed, job: Job) -> frozenset[int] | None:
        """Return the channels in which the results may be shown; None: anywhere. A channel may have changed meanwhile.

        Raises DeliveryLater.
        """
        if not await self._context.database.read(age_restricted.is_restricted, job.id):
            return None
        channel_ids = sorted({owed.channel_id, job.channel_id})
        return frozenset([one for one in channel_ids if await self._notifier.is_age_restricted(one)])

    async def _upload(self, owed: Owed, closing: Closing) -> Delivered:
        """Post the message with as many of its files as the channel takes."""
        database, now = self._context.database, self._context.clock
        for _ in range(UPLOAD_ATTEMPTS_MAX):
            limit = await database.read(upload_limits.of_guild, closing.guild_id, now())
            closing = replace(closing, results=await self._files.fit(closing.results, limit), upload_limit=limit)
            try:
                return await self._post_once(owed, closing, limit)
            except UploadTooLarge as refused:
                log.info("job %s: %s", owed.job_id, refused, extra=_fields(owed))
                await database.write(upload_limits.note_refused, closing.guild_id, refused.size_bytes, now())
        linked = tuple(replace(result, problem=result.problem or Unattached.TOO_LARGE) for result in closing.results)
        return await self._post_once(owed, replace(closing, results=linked, upload_limit=None), 0)

    async def _post_once(self, owed: Owed, closing: Closing, limit: int) -> Delivered:
        await self._renew(owed)
        delivered = await self._notifier.post_closing(closing, limit)
        failpoints.hit("delivery.after_post")
        return delivered

    @asynccontextmanager
    async def _lease_renewed(self, owed: Owed) -> AsyncIterator[None]:
        """Renew the lease while the body runs."""

        async def keep_renewing() -> None:
            while True:
                await asyncio.sleep(self._context.timings.lease_seconds / 3)
                await self._renew(owed)

        renewing = asyncio.create_task(keep_renewing(), name=f"renew:{owed.job_id}")
        try:
            yield
        finally:
            # If it failed, the lease runs out, and the check before posting finds whether another worker has it.
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, owed: Owed) -> None:
        context = self._context
        until = context.clock() + context.timings.lease_seconds
        if not await context.database.write(outbox.renew, owed.job_id, context.worker_id, until):
            raise _LeaseLost

    async def _done(self, owed: Owed, delivered: Delivered | None) -> None:
        """Note where the message stands; None where it could not be delivered."""
        context = self._context
        own = await context.database.write(_note, owed, delivered, context.worker_id, context.clock())
        context.wake_events.cards.set()
        failpoints.hit("delivery.after_note")
        if own:
            how = "not at all" if delivered is None else delivered.how
            context.metrics.delivered(how, context.clock() - owed.created_at if owed.copy == 1 else None)
            log.debug("job %s: delivered (%s), attempt %d", owed.job_id, how, owed.attempts, extra=_fields(owed))
        else:
            log.warning("job %s: another worker took its closing message over", owed.job_id, extra=_fields(owed))

    async def _later(
        self, owed: Owed, problem: str, retry_after: float | None = None, *, failed_download: bool = False
    ) -> None:
        context, timings = self._context, self._context.timings
        failures = owed.failed_downloads + 1 if failed_download else owed.attempts
        wait = retry_after or backoff_seconds(
            failures, timings.delivery_retry_seconds, timings.delivery_retry_seconds_max, context.jitter()
        )
        log.warning("job %s: delivery again in %.0f s: %s", owed.job_id, wait, problem, extra=_fields(owed))
        due_at = context.clock() + wait
        await context.database.write(
            outbox.later, owed.job_id, context.worker_id, due_at, problem, failed_download=failed_download
        )


def _fields(owed: Owed) -> dict[str, str]:
    return {"action": "deliver", "job": owed.job_id}


def _job(conn: Connection, owed: Owed) -> tuple[Job, Relative | None, int | None]:
    """Return the job, its parent where it has one, and the person who cancelled or denied it; None: nobody did."""
    job = jobs.find(conn, owed.job_id)
    if job is None:
        raise LookupError(f"the outbox owes a message for job {owed.job_id}, which does not exist")
    cancelled_by = jobs.ended_by(conn, job.id) if job.state is JobState.CANCELLED else None
    return job, lineage.parent_of(conn, job), cancelled_by


def _is_called_back(job: Job, owed: Owed, cancelled_by: int | None) -> bool:
    """Tell whether the member is mentioned in a message of its own: not if they cancelled the request themselves."""
    return owed.copy > 1 or cancelled_by != job.member_id


def _note(conn: Connection, owed: Owed, delivered: Delivered | None, worker_id: str, now: float) -> bool:
    """Note where a message stands. Returns False where another worker took the message over: nothing is noted then."""
    outcome = UNDELIVERABLE if delivered is None else _OUTCOMES[delivered.how]
    place = (None, None) if delivered is None else (delivered.channel_id, delivered.message_id)
    if not outbox.done(conn, owed.job_id, worker_id, outcome, now, channel_id=place[0], message_id=place[1]):
        return False
    if owed.comparison_id is not None:
        note_comparison(conn, owed.comparison_id, owed.job_id, outcome, place, now)
    elif outcome == "card":
        job_cards.forget(conn, owed.job_id)
    else:
        job_cards.close(conn, owed.job_id, now)
    job = jobs.find(conn, owed.job_id)
    alone = owed.comparison_id is None  # what people like of a comparison is its message, and no one clip
    made = job is not None and job.state is JobState.SUCCEEDED
    if job is not None and made and alone and outcome == _IN_A_CHANNEL and delivered is not None:
        gallery.add_video(conn, job, delivered.channel_id, delivered.message_id, now)
    if job is not None and owed.copy == 1:
        guild_log.add(conn, job.guild_id, LogKind.ENDED, {"job_id": job.id}, now)
    if job is not None and delivered is not None and delivered.results_channel_lost:
        lose_channel(conn, job.guild_id, GuildSetting.RESULTS_CHANNEL, owed.channel_id, now)
    return True
