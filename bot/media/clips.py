"""Clips as files: Discord's copy of a result first, else the provider's."""

import logging
import re
from pathlib import Path

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.media_type import VIDEO_SUFFIXES
from bot.domain.postings import Posting
from bot.engine.clips import ClipAddresses, ClipGone, ClipProblem, ClipUnavailable, ClipUnreachable
from bot.engine.context import EngineContext
from bot.engine.notifier import Result, Unattached
from bot.media.download import Downloads
from bot.media.provider_files import ProviderFiles, result_addresses
from bot.storage import age_restricted, jobs, postings, renders

log = logging.getLogger(__name__)

PICTURE_SUFFIXES = (".jpg", ".png")
"""Kinds of pictures that every model takes."""
_NAME = re.compile(r"[A-Za-z0-9_]+")


class Clips:
    """Fetch clips within the limits of `Downloads`, which hold for each clip alone."""

    def __init__(self, context: EngineContext, downloads: Downloads, addresses: ClipAddresses) -> None:
        self._context = context
        self._downloads = downloads
        self._addresses = addresses
        self._provider_files = ProviderFiles(context, downloads)

    async def fetch(self, name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        """Fetch a clip and return where it is. An earlier file of the same `name` is replaced.

        `name` consists of letters, digits and underscores, and belongs to the caller alone. `age_restricted_place` says
        that whatever is made of the clip is shown in age-restricted channels only. Call `discard` when the file is no
        longer needed. Raises ClipGone and ClipUnreachable, and ValueError for another name.
        """
        key = _key(name)
        job, posting = await self._context.database.read(_wanted, job_id, age_restricted_place)
        try:
            address = await self._address_of(job, position, posting)
            if address is not None:
                [result] = await self._downloads.fetch(key, [address])
                if result.path is not None:
                    return _video(result)
                fields = {"action": "fetch_clip", "job": job_id, "problem": result.problem}
                log.info("job %s: Discord's file %d cannot be fetched", job_id, position, extra=fields)
            results = await self._provider_files.fetch(key, job, position)
            if not results:
                raise ClipGone(ClipProblem.UNKNOWN)
            return _video(results[0])
        except BaseException:
            await self.discard(name)
            raise

    async def _address_of(self, job: Job, position: int, posting: Posting | None) -> str | None:
        if posting is None or posting.channel_id is None or posting.message_id is None:
            return None
        return await self._addresses.address_of(job.id, position, posting.channel_id, posting.message_id)

    async def check(self, job_id: str, *, age_restricted_place: bool = False) -> None:
        """Raise ClipGone where the clips of a job may not be used, as far as that is known without asking Discord."""
        await self._context.database.read(_wanted, job_id, age_restricted_place)

    async def given_last_frame(self, name: str, job_id: str, position: int) -> Path | None:
        """Fetch the last frame of a clip that the provider itself gave, and return where it is.

        Returns None where it gave none, or does not have it any more. The file is kept under `name`, as that of a clip.
        Raises ClipGone and ClipUnreachable where the clip may not be used.
        """
        job, posting = await self._context.database.read(_wanted, job_id, True)
        known = (await self._context.database.read(renders.of_jobs, [job_id])).get(job_id, [])
        # A frame is known for each render, and so belongs to a render's only clip.
        found = [render.last_frame_url for render in known for _ in render.result_urls if len(render.result_urls) == 1]
        address = found[position] if len(found) == len(known) and position < len(found) else None
        if address is None:
            return None
        await self._address_of(job, position, posting)
        [result] = await self._downloads.fetch(_key(name), [address])
        return result.path if result.path is not None and result.path.suffix in PICTURE_SUFFIXES else None

    async def count(self, job_id: str) -> int:
        """Return how many result files a job has."""
        return len(await self._context.database.read(result_addresses, job_id))

    async def discard(self, name: str) -> None:
        """Remove the file of this name."""
        await self._downloads.discard(_key(name))


def _key(name: str) -> str:
    """Return the name under which a clip is downloaded: no delivery uses it, and it is the beginning of no other."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a clip's file")
    return f"clip_{name}"


def _wanted(conn: Connection, job_id: str, age_restricted_place: bool) -> tuple[Job, Posting | None]:
    """Return the job of a clip that may be used, and where it stands. Raises ClipGone."""
    job, posting = jobs.find(conn, job_id), postings.posting_of(conn, job_id)
    if job is None or job.state is not JobState.SUCCEEDED or job.erased_at is not None:
        raise ClipGone(ClipProblem.UNKNOWN)
    if posting is not None and posting.deleted_at is not None:
        raise ClipGone(ClipProblem.DELETED)
    if not age_restricted_place and age_restricted.is_restricted(conn, job.id):
        raise ClipGone(ClipProblem.AGE_RESTRICTED)
    return job, posting


def _video(result: Result) -> Path:
    if result.path is None:
        raise _unavailable(result.problem)
    if result.path.suffix not in VIDEO_SUFFIXES:
        raise ClipGone(ClipProblem.NOT_A_VIDEO)
    return result.path


def _unavailable(problem: Unattached | None) -> ClipUnavailable:
    match problem:
        case Unattached.UNREACHABLE | None:
            return ClipUnreachable()
        case Unattached.TOO_LARGE:
            return ClipGone(ClipProblem.TOO_LARGE)
        case Unattached.NOT_A_VIDEO:
            return ClipGone(ClipProblem.NOT_A_VIDEO)
        case _:
            return ClipGone(ClipProblem.LOST)
