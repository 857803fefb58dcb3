"""Input pictures and clips of a request, as far as they lie on loopback (the local Discord's attachments).

Nothing else is ever fetched: an address of the outside world is taken as given and not looked at.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from sandbox.studio.renderer import Renderer
from sandbox.studio.validation import Order
from sandbox.studio.video.clip import ClipFacts

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
INPUT_BYTES_MAX = 64 * 1024 * 1024
FETCH_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Inputs:
    """What could be had of a request's inputs: a picture's path and size in pixels, and the facts of its first clip."""

    image: str | None = None
    clip: ClipFacts | None = None
    size: tuple[int, int] | None = None
    gone: bool = False
    """Whether a file is not at its address any more."""


class InputFetcher:
    """Fetches to `directory`; a file that cannot be had is simply not there."""

    def __init__(self, directory: Path, renderer: Renderer, *, enabled: bool) -> None:
        self._directory = directory
        self._renderer = renderer
        self._enabled = enabled
        self._gone: set[str] = set()
        """Addresses that answered 404."""

    async def fetch(self, order: Order) -> Inputs:
        """Fetch the first picture and the first clip of an order."""
        if not self._enabled or not self._renderer.available:
            return Inputs()
        clip_file = await self._first(order.video_urls)
        clip = await self._renderer.probe(clip_file) if clip_file else None
        image_file = await self._first(order.image_urls)
        image = str(image_file) if image_file else (clip.still if clip else None)
        size = await self._renderer.picture_size(image) if image else None
        return Inputs(image, clip, size, gone=not self._gone.isdisjoint((*order.video_urls, *order.image_urls)))

    async def _first(self, urls: tuple[str, ...]) -> Path | None:
        for url in urls:
            if urlsplit(url).hostname in LOOPBACK_HOSTS and (path := await self._get(url)):
                return path
        return None

    async def _get(self, url: str) -> Path | None:
        path = self._directory / f"input-{hashlib.sha256(url.encode()).hexdigest()[:24]}"
        timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                if answer.status == 404:
                    self._gone.add(url)
                if answer.status != 200:
                    return None
                size = 0
                self._directory.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    async for chunk in answer.content.iter_chunked(65_536):
                        size += len(chunk)
                        if size > INPUT_BYTES_MAX:
                            return None
                        file.write(chunk)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        return path
