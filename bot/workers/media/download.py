"""Result files, streamed to disk with a cap: a video is never held in memory."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp

log = logging.getLogger(__name__)

FILE_BYTES_MAX = 100 * 1024 * 1024
"""Bytes that a file may have; no Discord server takes more."""
FILES_MAX = 10
"""Attachments that a Discord message can have."""
CHUNK_BYTES = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=300, connect=10, sock_read=30)


class TooLarge(Exception):
    """The file is larger than may be fetched; it can only be linked."""


class DownloadFailed(Exception):
    """The file could not be had now; the message says why."""


class Downloads:
    """Fetches result files of at most `file_bytes_max` bytes into `folder`."""

    def __init__(self, folder: Path, file_bytes_max: int = FILE_BYTES_MAX) -> None:
        self._folder = folder
        self._file_bytes_max = file_bytes_max
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Downloads":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, job_id: str, urls: Sequence[str]) -> list[Path]:
        """Fetch the files of a job, in order. An earlier download of the same job is replaced.

        Raises TooLarge or DownloadFailed; then nothing is left on the disk.
        """
        paths: list[Path] = []
        try:
            for position, url in enumerate(urls[:FILES_MAX]):
                path = self._folder / f"{job_id}-{position + 1}{_suffix(url)}"
                paths.append(path)
                await self._stream(url, path)
        except BaseException:
            await self.discard(paths)
            raise
        return paths

    async def _stream(self, url: str, path: Path) -> None:
        if self._session is None:
            raise RuntimeError("Downloads is used outside its context")
        try:
            async with self._session.get(url) as answer:
                if answer.status != 200:
                    raise DownloadFailed(f"the result answers {answer.status}")
                if (answer.content_length or 0) > self._file_bytes_max:
                    raise TooLarge
                written = 0
                with await asyncio.to_thread(path.open, "wb") as file:
                    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                        written += len(chunk)
                        if written > self._file_bytes_max:
                            raise TooLarge
                        await asyncio.to_thread(file.write, chunk)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DownloadFailed(f"the result cannot be fetched: {type(error).__name__}") from error

    @staticmethod
    async def discard(paths: Sequence[Path]) -> None:
        """Remove files that are no longer needed."""
        for path in paths:
            await asyncio.to_thread(path.unlink, missing_ok=True)


def _suffix(url: str) -> str:
    suffix = Path(urlsplit(url).path).suffix.lower()
    return suffix if suffix in (".mp4", ".webm", ".mov", ".gif", ".png", ".jpg") else ".mp4"
