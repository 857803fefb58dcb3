"""The files of a finished job: fetched from the provider, and made small enough for Discord."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.jobs import Job
from bot.engine.context import EngineContext
from bot.engine.notifier import Result, Unattached
from bot.media.download import Downloads
from bot.media.fitting import Fitter
from bot.media.provider_files import ProviderFiles

DOWNLOAD_ATTEMPTS_MAX = 5
"""Attempts to fetch the files of a message. After the last one it is posted without what could not be had."""

UPLOAD_ATTEMPTS_MAX = 4
"""Uploads that may be refused as too large, each with a lower limit, before all files are linked."""


class DownloadFailed(Exception):
    """A file could not be fetched now; the message says why."""


def require_files(results: Iterable[Result], earlier_failures: int) -> None:
    """Raise DownloadFailed where a file is missing that another attempt may have, unless it was asked for too often."""
    missing = next((result.problem for result in results if result.problem and result.problem.may_pass), None)
    if missing is not None and earlier_failures + 1 < DOWNLOAD_ATTEMPTS_MAX:
        raise DownloadFailed(f"a result is {missing}")


class ResultFiles:
    """Fetch a job's files and make them fit."""

    def __init__(self, context: EngineContext, downloads: Downloads, fitter: Fitter) -> None:
        self._provider_files = ProviderFiles(context, downloads)
        self._downloads = downloads
        self._fitter = fitter

    async def fetch(self, job: Job) -> tuple[Result, ...]:
        """Fetch the files of a job that succeeded, in the provider's order.

        Call `discard` when the files are no longer needed.
        """
        return await self._provider_files.fetch(job.id, job)

    async def fit(self, results: Sequence[Result], limit_bytes: int) -> tuple[Result, ...]:
        """Make those files smaller that have more than `limit_bytes`, and mark those that stay too large."""
        return tuple([await self._fit_one(result, limit_bytes) for result in results])

    async def discard(self, job_id: str) -> None:
        """Remove the files of a job."""
        await self._downloads.discard(job_id)

    async def _fit_one(self, result: Result, limit_bytes: int) -> Result:
        if result.path is None:
            return result
        size_bytes = (await asyncio.to_thread(result.path.stat)).st_size
        if size_bytes <= limit_bytes:
            return result
        if self._fitter.available and (smaller := await self._fitter.fit(result.path, limit_bytes)) is not None:
            return replace(result, path=smaller, made_smaller=True)
        return replace(result, problem=Unattached.TOO_LARGE, size_bytes=size_bytes)
