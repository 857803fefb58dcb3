"""The files of a finished job: fetched from the provider, and made small enough for Discord."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.context import EngineContext
from bot.engine.notifier import Result, Unattached
from bot.media.download import Downloads
from bot.media.fitting import Fitter
from bot.storage import renders
from bot.studio.errors import StudioError

log = logging.getLogger(__name__)

_EXPIRED = (Unattached.GONE, Unattached.REFUSED, Unattached.NOT_A_VIDEO)
"""Problems that another address may end."""


class ResultFiles:
    """Fetch a job's files and make them fit."""

    def __init__(self, context: EngineContext, downloads: Downloads, fitter: Fitter) -> None:
        self._context = context
        self._downloads = downloads
        self._fitter = fitter

    async def fetch(self, job: Job) -> tuple[Result, ...]:
        """Fetch the files of a job that succeeded, in the provider's order.

        Where an address has expired, the provider is asked for another one. Call `discard` when the files are no longer
        needed.
        """
        results = await self._downloads.fetch(job.id, await self._context.database.read(_addresses, job.id))
        if not any(result.problem in _EXPIRED for result in results) or not await self._refresh_addresses(job):
            return results
        return await self._downloads.fetch(job.id, await self._context.database.read(_addresses, job.id))

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

    async def _refresh_addresses(self, job: Job) -> bool:
        """Ask the provider where a job's results are now. Returns whether any address is another one."""
        provider = self._context.providers.get(job.account_id)
        if provider is None:
            return False
        changed = False
        known = await self._context.database.read(renders.of_jobs, [job.id])
        for render in known.get(job.id, ()):
            try:
                told = await provider.status(render.remote_id)
            except StudioError as error:
                fields = {"action": "download", "job": job.id}
                log.warning("job %s: the provider names no new address: %s", job.id, error, extra=fields)
                continue
            if told.result_urls and told.result_urls != render.result_urls:
                await self._context.database.write(renders.replace_urls, render.remote_id, told.result_urls)
                changed = True
        return changed


def _addresses(conn: Connection, job_id: str) -> list[str]:
    known = renders.of_jobs(conn, [job_id]).get(job_id, ())
    return [url for render in known for url in render.result_urls]
