"""Result files, streamed to disk within limits: a video is never held in memory."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import aiohttp
from yarl import URL

from bot.domain.links import web_address
from bot.domain.media_type import HEAD_BYTES, is_page, suffix_of
from bot.engine.notifier import Result, Unattached
from bot.media.public_network import is_loopback, public_connector

log = logging.getLogger(__name__)

FILES_MAX = 10
"""Files that are fetched for one job: a Discord message takes no more."""
REDIRECTS_MAX = 5
CHUNK_BYTES = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=30)
"""Seconds to connect and between two reads. The whole job's time has a limit of its own."""
_REDIRECTS = (301, 302, 303, 307, 308)
_PROBLEMS = {
    401: Unattached.REFUSED,
    403: Unattached.REFUSED,
    404: Unattached.GONE,
    410: Unattached.GONE,
}
"""What a file's host means by its status. Every other one but 200 may pass."""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much one job may take of the disk and of the time."""

    file_bytes: int = 100 * 1024 * 1024
    """Bytes of one file. No Discord server takes more."""
    job_bytes: int = 128 * 1024 * 1024
    """Bytes of all files of a job."""
    job_seconds: float = 240.0
    """Seconds for all files of a job."""


LIMITS = DownloadLimits()


class _Failed(Exception):
    """A file could not be had. `problem` goes to the member, the message to the log."""

    def __init__(self, problem: Unattached, why: str) -> None:
        super().__init__(why)
        self.problem = problem


class Downloads:
    """Fetch result files into `folder`.

    Only https addresses in the public internet are followed. The host of `provider_url` is excepted, and where that is
    a sandbox on this machine, the machine's own addresses are.
    """

    def __init__(self, folder: Path, provider_url: str, limits: DownloadLimits = LIMITS) -> None:
        self._folder = folder
        self._provider = URL(provider_url)
        self._limits = limits
        self._sessions: _Sessions | None = None

    async def __aenter__(self) -> "Downloads":
        self._sessions = _Sessions(trusted=_session(None), public=_session(public_connector()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sessions is not None:
            await self._sessions.trusted.close()
            await self._sessions.public.close()

    async def fetch(self, job_id: str, urls: Sequence[str]) -> tuple[Result, ...]:
        """Fetch the files of a job, in order. An earlier download of the same job is replaced.

        A file that cannot be had is a result with a problem. Call `discard` when the files are no longer needed.
        """
        # Temporary folders are tidied up by others too, and a bot runs for months.
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        deadline = asyncio.get_running_loop().time() + self._limits.job_seconds
        bytes_left = self._limits.job_bytes
        results: list[Result] = []
        try:
            for position, url in enumerate(urls):
                part = self._folder / f"{job_id}-{position + 1}.part"
                size, result = 0, Result(web_address(url))
                if position < FILES_MAX:
                    size, result = await self._fetch_one(result.url, part, deadline, bytes_left)
                results.append(result)
                bytes_left -= size
        except BaseException:
            await self.discard(job_id)
            raise
        return tuple(results)

    async def discard(self, job_id: str) -> None:
        """Remove the files of a job."""

        def remove() -> None:
            for path in self._folder.glob(f"{job_id}-*"):
                path.unlink(missing_ok=True)

        await asyncio.to_thread(remove)

    async def _fetch_one(self, url: str | None, part: Path, deadline: float, bytes_left: int) -> tuple[int, Result]:
        """Fetch one file by way of `part`. Returns its size in bytes, 0 where it could not be had, and the result."""
        try:
            if url is None:
                raise _Failed(Unattached.GONE, "what the provider names is no web address")
            async with asyncio.timeout_at(deadline), self._open(URL(url, encoded=True)) as answer:
                suffix, size = await self._save(answer, part, min(bytes_left, self._limits.file_bytes))
            path = part.with_suffix(suffix)
            await asyncio.to_thread(part.replace, path)
        except _Failed as failed:
            problem, why = failed.problem, str(failed)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            problem, why = Unattached.UNREACHABLE, f"{type(error).__name__}: {error}"
        else:
            return size, Result(url, path)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        log.info("%s was not fetched: %s", part.stem, why, extra={"action": "download", "problem": problem})
        return 0, Result(url, problem=problem)

    @asynccontextmanager
    async def _open(self, url: URL) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask for an address. Each redirect is judged like the address itself."""
        for _ in range(REDIRECTS_MAX + 1):
            async with self._session_for(url).get(url, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                url = url.join(URL(answer.headers.get("Location", "")))
        raise _Failed(Unattached.UNREACHABLE, f"more than {REDIRECTS_MAX} redirects")

    def _session_for(self, url: URL) -> aiohttp.ClientSession:
        """Return the session that may follow this address. Raises ValueError for an address without a host."""
        if self._sessions is None:
            raise RuntimeError("Downloads is used outside its context")
        on_this_machine = is_loopback(self._provider.host) and is_loopback(url.host)
        if on_this_machine or url.origin() == self._provider.origin():
            return self._sessions.trusted
        if url.scheme != "https":
            raise _Failed(Unattached.UNREACHABLE, f"{url.scheme} is not followed, only https")
        return self._sessions.public

    async def _save(self, answer: aiohttp.ClientResponse, part: Path, bytes_max: int) -> tuple[str, int]:
        """Write an answer's body to `part`. Returns the suffix that belongs to its bytes, and its size in bytes."""
        if answer.status != 200:
            problem = _PROBLEMS.get(answer.status, Unattached.UNREACHABLE)
            raise _Failed(problem, f"the file's host answers {answer.status}")
        if is_page(answer.content_type):
            raise _Failed(Unattached.NOT_A_VIDEO, f"the answer is {answer.content_type}")
        if (answer.content_length or 0) > bytes_max:
            raise _Failed(Unattached.TOO_LARGE, f"{answer.content_length} bytes are announced")
        head, size = b"", 0
        with await asyncio.to_thread(part.open, "wb") as file:
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                size += len(chunk)
                if size > bytes_max:
                    raise _Failed(Unattached.TOO_LARGE, f"more than {bytes_max} bytes")
                if len(head) < HEAD_BYTES:
                    head += chunk[: HEAD_BYTES - len(head)]
                    if len(head) == HEAD_BYTES:
                        _suffix(head)  # nobody waits for the rest of what is no video
                await asyncio.to_thread(file.write, chunk)
        return _suffix(head), size


def _suffix(head: bytes) -> str:
    suffix = suffix_of(head)
    if suffix is None:
        raise _Failed(Unattached.NOT_A_VIDEO, f"the file begins with {head[:12]!r}")
    return suffix


@dataclass(frozen=True, slots=True)
class _Sessions:
    trusted: aiohttp.ClientSession
    public: aiohttp.ClientSession


def _session(connector: aiohttp.BaseConnector | None) -> aiohttp.ClientSession:
    # Without compression a length that is announced is the length of the file.
    return aiohttp.ClientSession(
        connector=connector,
        timeout=_TIMEOUT,
        headers={"Accept-Encoding": "identity"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )
