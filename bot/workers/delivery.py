"""Drain the outbox: every settled job gets its one closing message, through crashes and refusals.

A message is tried until Discord answers. Two things keep it from being posted twice: its nonce comes from the job, and
before any further attempt the channel is searched for the job's mark.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.retry import backoff_seconds
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import Closing, Delivered, DeliveryImpossible, DeliveryLater, Notifier
from bot.storage import jobs, outbox, renders
from bot.storage.outbox import Owed
from bot.workers.media.download import DownloadFailed, Downloads, TooLarge
from bot.workers.media.fitting import Fitter

log = logging.getLogger(__name__)

DELIVERIES_AT_ONCE = 4
DOWNLOAD_ATTEMPTS_MAX = 5
"""Attempts after which the result is linked instead of attached."""


class Delivery:
    """One step delivers what is due."""

    def __init__(self, context: EngineContext, notifier: Notifier, downloads: Downloads, fitter: Fitter) -> None:
        self._context = context
        self._notifier = notifier
        self._downloads = downloads
        self._fitter = fitter

    async def step(self) -> float:
        """Post what is due. Returns the seconds until the next message may be."""
        context = self._context
        owed = await context.database.write(
            outbox.claim, context.worker_id, context.timings.lease_seconds, context.clock(), DELIVERIES_AT_ONCE
        )
        if owed:
            failpoints.hit("delivery.after_claim")
            await asyncio.gather(*(self._deliver(item) for item in owed))
            return 0.0  # the next message of these channels may be free now
        next_due = await context.database.read(outbox.next_due)
        idle = context.timings.idle_seconds
        # Not at once even if something is due: it may be waiting for an earlier message of its channel.
        return idle if next_due is None else min(idle, max(idle / 4, next_due - context.clock()))

    async def _deliver(self, owed: Owed) -> None:
        try:
            delivered = await self._post(owed)
        except DeliveryLater as problem:
            await self._later(owed, str(problem), problem.retry_after)
        except DeliveryImpossible as problem:
            log.warning(
                "job %s: its closing message cannot be delivered: %s", owed.job_id, problem, extra=_fields(owed)
            )
            await self._done(owed, "undeliverable", None, None)
        except Exception as error:
            # One message that breaks must not stop the others; it is tried again like any other failure.
            log.exception("job %s: delivery failed", owed.job_id, extra=_fields(owed))
            await self._later(owed, f"{type(error).__name__}: {error}", None)
        else:
            await self._done(owed, delivered.how, delivered.channel_id, delivered.message_id)

    async def _post(self, owed: Owed) -> Delivered:
        # A copy that a member asked for is not told from the first message by its mark; its nonce alone must do.
        if owed.attempts > 1 and owed.copy == 1:
            message_id = await self._notifier.find_posted(owed.channel_id, owed.job_id)
            if message_id is not None:
                return Delivered(owed.channel_id, message_id, "channel")
        closing = await self._context.database.read(_closing, owed)
        files: list[Path] = []
        if closing.links and owed.attempts <= DOWNLOAD_ATTEMPTS_MAX:
            try:
                files = await self._downloads.fetch(owed.job_id, closing.links)
            except TooLarge:
                log.info("job %s: too large to attach, linked instead", owed.job_id, extra=_fields(owed))
            except DownloadFailed as problem:
                raise DeliveryLater(str(problem)) from problem
        failpoints.hit("delivery.after_download")
        try:
            limit = await self._upload_limit(closing, files)
            if await self._make_fit(files, limit):
                closing = replace(closing, made_smaller=True)
            delivered = await self._notifier.post_closing(closing, files, limit)
            failpoints.hit("delivery.after_post")
            return delivered
        finally:
            await self._downloads.discard(files)

    async def _upload_limit(self, closing: Closing, files: Sequence[Path]) -> int:
        """Return the guild's limit in bytes; Discord is asked only if a file is larger than every guild takes."""
        sizes = [await _size(path) for path in files]
        if max(sizes, default=0) <= UPLOAD_BYTES_DEFAULT:
            return UPLOAD_BYTES_DEFAULT
        return await self._notifier.upload_limit(closing.guild_id)

    async def _make_fit(self, files: Sequence[Path], limit: int) -> bool:
        """Make those files smaller that have more than `limit` bytes. Returns whether any was."""
        if not self._fitter.available:
            return False
        fitted = [await self._fitter.fit(path, limit) for path in files if await _size(path) > limit]
        return any(fitted)

    async def _done(self, owed: Owed, outcome: str, channel_id: int | None, message_id: int | None) -> None:
        context = self._context
        place = {"channel_id": channel_id, "message_id": message_id}
        own = await context.database.write(
            outbox.done, owed.job_id, context.worker_id, outcome, context.clock(), **place
        )
        failpoints.hit("delivery.after_note")
        if own:
            log.debug("job %s: delivered (%s), attempt %d", owed.job_id, outcome, owed.attempts, extra=_fields(owed))
        else:
            log.warning("job %s: another worker took its closing message over", owed.job_id, extra=_fields(owed))

    async def _later(self, owed: Owed, problem: str, retry_after: float | None) -> None:
        context, timings = self._context, self._context.timings
        wait = retry_after or backoff_seconds(
            owed.attempts, timings.delivery_retry_seconds, timings.delivery_retry_seconds_max, context.jitter()
        )
        log.warning("job %s: delivery again in %.0f s: %s", owed.job_id, wait, problem, extra=_fields(owed))
        await context.database.write(outbox.later, owed.job_id, context.worker_id, context.clock() + wait, problem)


async def _size(path: Path) -> int:
    return (await asyncio.to_thread(path.stat)).st_size


def _fields(owed: Owed) -> dict[str, str]:
    return {"action": "deliver", "job": owed.job_id}


def _closing(conn: Connection, owed: Owed) -> Closing:
    job = jobs.find(conn, owed.job_id)
    if job is None:
        raise LookupError(f"the outbox owes a message for job {owed.job_id}, which does not exist")
    own = renders.of_jobs(conn, [job.id]).get(job.id, ())
    links = tuple(url for render in own for url in render.result_urls) if job.state is JobState.SUCCEEDED else ()
    return Closing(
        job_id=job.id,
        guild_id=job.guild_id,
        channel_id=job.channel_id,
        member_id=job.member_id,
        model_name=job.model_name,
        request=GenerationRequest.from_json(job.request),
        state=job.state,
        held=job.held,
        charged=job.charged or 0,
        reason=job.reason,
        links=links,
        status_message_id=job.status_message_id,
        copy=owed.copy,
    )
