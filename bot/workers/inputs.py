"""Make sure, before a request is sent, that the provider can fetch its files.

A request may wait for hours: for its turn, an approval, the end of a pause. The addresses of its files end after a day.
Files that the bot itself gives travel on the job's card and have no address before that stands.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bot.domain.attachments import ON_CARD, Attachment
from bot.domain.evidence import input_urls_of, with_input_urls
from bot.domain.jobs import Job
from bot.domain.links import expires_at, web_address
from bot.domain.request import GenerationRequest
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.input_files import FilesLater, InputFiles
from bot.engine.settlement import failed, settle
from bot.storage import job_files, jobs, queue
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
CARD_SECONDS_MAX = 1800.0
"""Seconds for which a request waits for a card with its files. Discord may be away meanwhile."""
CARDS_POSTED_MAX = 3
"""How often a card that was deleted is posted again."""
WAITS = "its files cannot be asked for"
"""The event of a job that was put back for its files."""
NO_CARD = "its files are not in the channel"
"""The event of a job that was put back because no card has its files."""
GONE = "Discord no longer has an attached file. Please use the command with it again"
"""What a member reads whose request ends for its files."""
CARD_GONE = "the picture to begin with could not be posted in the channel, from where the provider fetches it"
"""What a member reads whose request ends because its card cannot be posted."""


def _lives(address: str, now: float) -> bool:
    """Return whether an address is one, and works for long enough."""
    until = expires_at(address)
    return web_address(address) == address and (until is None or until >= now + LIVES_SECONDS_MIN)


class Inputs:
    """Looks after the files of jobs that were claimed and not sent yet."""

    def __init__(self, context: EngineContext, files: InputFiles) -> None:
        self._context = context
        self._files = files

    async def ready(self, job: Job) -> bool:
        """Return whether the job can be sent as far as its files go. Otherwise it was put back, or has ended."""
        now = self._context.clock()
        fresh = await self._from_card(job, now)
        if fresh is None:
            return False
        ends = {
            one: moment
            for one in input_urls_of(job.payload)
            if one not in fresh and (moment := expires_at(one)) is not None
        }
        soon = [one for one, moment in ends.items() if moment < now + LIVES_SECONDS_MIN]
        if soon:
            found = await self._fresh(job, soon, now)
            left = [one for one in soon if found is None or one not in found]
            if any(ends[one] < now + FETCH_SECONDS for one in left):
                await self._write(job, partial(self._put_back if found is None else self._end, job=job, now=now))
                return False
            fresh |= found or {}
        return not fresh or await self._write(job, partial(self._keep, job=job, fresh=fresh))

    async def _from_card(self, job: Job, now: float) -> dict[str, str] | None:
        """Return the addresses of those files that travel on the job's card, by what the payload has in their place.

        Returns None where the job was put back, or has ended.
        """
        names = _names_on_card(job)
        if not names:
            return {}
        try:
            found = {}
            if job.status_message_id is not None:
                async with asyncio.timeout(REFRESH_SECONDS_MAX):
                    found = dict(await self._files.on_card(job.channel_id, job.status_message_id, names))
        except (FilesLater, TimeoutError) as error:
            self._log(job, WAITS, error)
            await self._write(job, partial(self._put_back, job=job, now=now))
            return None
        if any(name not in found for name in names):
            self._log(job, NO_CARD)
            await self._write(job, partial(self._wait_for_card, job=job, now=now))
            return None
        standing = {one: name for one in input_urls_of(job.payload) if (name := _name_of(one)) in names}
        return {one: found[name] for one, name in standing.items()}

    async def _fresh(self, job: Job, addresses: list[str], now: float) -> dict[str, str] | None:
        """Return fresh addresses that live long enough; None if nobody answers now."""
        try:
            async with asyncio.timeout(REFRESH_SECONDS_MAX):
                given = await self._files.refresh(addresses)
        except (FilesLater, TimeoutError) as error:
            self._log(job, WAITS, error)
            return None
        return {one: given[one] for one in addresses if one in given and _lives(given[one], now)}

    async def _write(self, job: Job, note: Callable[[Connection], None]) -> bool:
        try:
            await self._context.database.write(note)
        except jobs.StaleState:
            log.debug("job %s was taken over", job.id, extra={"action": "refresh_files", "job": job.id})
            return False
        failpoints.hit("submit.after_files")
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

    def _wait_for_card(self, conn: Connection, job: Job, now: float) -> None:
        waits = jobs.refusals_of(conn, job.id, [NO_CARD])
        if waits is not None and now - waits.first_at > CARD_SECONDS_MAX:
            self._end(conn, job, now, CARD_GONE)
            return
        known = jobs.find(conn, job.id)
        posted_meanwhile = known is not None and known.status_message_id not in (None, job.status_message_id)
        requeue(conn, job, NO_CARD, now, due_at=None if posted_meanwhile else now + AGAIN_SECONDS)
        queue.unlog_post(conn, job)
        if posted_meanwhile:
            return
        if job.status_message_id is not None and (waits is None or waits.count < CARDS_POSTED_MAX):
            job_files.post_again(conn, job.id, now)

    @staticmethod
    def _end(conn: Connection, job: Job, now: float, reason: str = GONE) -> None:
        settle(conn, job, failed(reason), now, detail="an attached file is gone", attempts=job.attempts)
        queue.unlog_post(conn, job)

    @staticmethod
    def _log(job: Job, what: str, error: Exception | None = None) -> None:
        why = "" if error is None else f" ({type(error).__name__})"
        log.warning("job %s: %s%s", job.id, what, why, extra={"action": "refresh_files", "job": job.id})


def _names_on_card(job: Job) -> Collection[str]:
    values = GenerationRequest.from_json(job.request).values.values()
    return {value.filename for value in values if isinstance(value, Attachment) and value.on_card}


def _name_of(address: str) -> str:
    """Return the name of the file at an address, whether it stands for a card's file or is its true one."""
    return address.removeprefix(ON_CARD) if address.startswith(ON_CARD) else urlsplit(address).path.rpartition("/")[2]
