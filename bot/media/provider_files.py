"""The result files of a job as the provider has them. An address that has expired is asked for again."""

import logging

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.context import EngineContext
from bot.engine.notifier import Result, Unattached
from bot.media.download import Downloads
from bot.storage import renders
from bot.studio.errors import StudioError

log = logging.getLogger(__name__)

_EXPIRED = (Unattached.GONE, Unattached.REFUSED, Unattached.NOT_A_VIDEO)
"""Problems that another address may end."""


class ProviderFiles:
    """Fetch the files that the provider made for a job."""

    def __init__(self, context: EngineContext, downloads: Downloads) -> None:
        self._context = context
        self._downloads = downloads

    async def fetch(self, name: str, job: Job, position: int | None = None) -> tuple[Result, ...]:
        """Fetch all files of a job in the provider's order, or the one at `position`, counted from 0.

        There is no result where the job has no such file. The files are kept under `name` until they are discarded.
        """
        results = await self._fetch(name, job, position)
        if not any(result.problem in _EXPIRED for result in results) or not await self._refresh_addresses(job):
            return results
        return await self._fetch(name, job, position)

    async def _fetch(self, name: str, job: Job, position: int | None) -> tuple[Result, ...]:
        addresses = await self._context.database.read(result_addresses, job.id)
        wanted = addresses if position is None else addresses[position : position + 1]
        return await self._downloads.fetch(name, wanted)

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


def result_addresses(conn: Connection, job_id: str) -> list[str]:
    """Return the provider's addresses of a job's result files, in the order of their positions."""
    known = renders.of_jobs(conn, [job_id]).get(job_id, ())
    return [url for render in known for url in render.result_urls]
