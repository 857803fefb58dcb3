"""Make sure, before a request is sent, that the provider can still fetch the files that are attached to it.

A request may wait for hours: for its turn, an approval, the end of a pause. The addresses of its files end after a day.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from bot.domain.evidence import input_urls_of, with_input_urls
from bot.domain.jobs import Job
from bot.domain.links import expires_at, web_address
from bot.engine.context import EngineContext
from bot.engine.input_files import FilesLater, InputFiles
from bot.engine.settlement import failed, settle
from bot.storage import jobs, queue
from bot.workers.refusals import requeue

log = logging.getLogger(__name__)

LIVES_SECONDS_MIN = 3600.0
"""Seconds for which an address must still work, or a fresh one is asked for: the provider may fetch the file later."""
FETCH_SECONDS = 60.0
"""Seconds for which an address must still work to be sent if no fresh one can be had."""
REFRESH_SECONDS_MAX = 5.0
"""Seconds that asking for fresh addresses may take. The claim must still be young afterwards."""
AGAIN_SECONDS = 60.0
"""Seconds from one question that was not answered to the next."""
WAITED_SECONDS_MAX = 6 * 3600.0
"""Seconds from the first such question after which the request ends."""
WAITS = "its files cannot be asked for"
"""The event of a job that was put back for its files."""
GONE = "Discord no longer has an attached file. Please use the command with it again"
"""What a member reads whose request ends for its files."""


def _lives(address: str, now: float) -> bool:
    """Return whether an address is one, and works for long enough."""
    until = expires_at(address)
    return web_address(address) == address and (until is None or until >= now + LIVES_SECONDS_MIN)


class Inputs:
    """Looks after the attached files of jobs that were claimed and not sent yet."""

    def __init__(self, context: EngineContext, files: InputFiles) -> None:
        self._context = context
        self._files = files

    async def ready(self, job: Job) -> bool:
        """Return whether the job can be sent as far as its files go. Otherwise it was put back, or has ended."""
        now = self._context.clock()
        ends = {one: moment for one in input_urls_of(job.payload) if (moment := expires_at(one)) is not None}
        soon = [one for one, moment in ends.items() if moment < now + LIVES_SECONDS_MIN]
        if not soon:
            return True
        fresh = await self._fresh(job, soon, now)
        left = [one for one in soon if fresh is None or one not in fresh]
        if any(ends[one] < now + FETCH_SECONDS for one in left):
            await self._write(job, partial(self._put_back if fresh is None else self._end, job=job, now=now))
            return False
        return not fresh or await self._write(job, partial(self._keep, job=job, fresh=fresh))

    async def _fresh(self, job: Job, addresses: list[str], now: float) -> dict[str, str] | None:
        """Return fresh addresses that live long enough; None if nobody answers now."""
        try:
            async with asyncio.timeout(REFRESH_SECONDS_MAX):
                given = await self._files.refresh(addresses)
        except (FilesLater, TimeoutError) as error:
            log.warning(
                "job %s: %s (%s)", job.id, WAITS, type(error).__name__, extra={"action": "refresh_files", "job": job.id}
            )
            return None
        return {one: given[one] for one in addresses if one in given and _lives(given[one], now)}

    async def _write(self, job: Job, note: Callable[[Connection], None]) -> bool:
        try:
            await self._context.database.write(note)
        except jobs.StaleState:
            log.debug("job %s was taken over", job.id, extra={"action": "refresh_files", "job": job.id})
            return False
        self._context.wake_events.after_decision()
        return True

    @staticmethod
    def _keep(conn: Connection, job: Job, fresh: dict[str, str]) -> None:
        jobs.set_unsent_payload(conn, job.id, with_input_urls(job.payload, fresh))

    def _put_back(self, conn: Connection, job: Job, now: float) -> None:
        waits = jobs.refusals_of(conn, job.id, [WAITS])
        if waits is not None and now - waits.first_at > WAITED_SECONDS_MAX:
            self._end(conn, job, now)
            return
        requeue(conn, job, WAITS, now, due_at=now + AGAIN_SECONDS)
        queue.unlog_post(conn, job)

    @staticmethod
    def _end(conn: Connection, job: Job, now: float) -> None:
        settle(conn, job, failed(GONE), now, detail="an attached file is gone", attempts=job.attempts)
        queue.unlog_post(conn, job)
