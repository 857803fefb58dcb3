"""Result files: rendered in a process of its own and kept by content, or plain payloads of a given size."""

import asyncio
import importlib.util
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import ParamSpec, TypeVar

from sandbox.studio.jobs import RenderFailed
from sandbox.studio.video.clip import ClipFacts, ClipSpec

_stopping: list[Callable[[], bool]] = []
"""In the render process: asks whether the parent is closing."""

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

MISSING = "The sandbox cannot render videos: PyAV and Pillow are not installed (the project's `sandbox` extra)"
NICENESS = 5
"""Niceness of the render process: whatever the sandbox serves comes first."""


class Renderer:
    """Renders clips to `directory`; the same clip is rendered once, however often and in parallel it is asked for."""

    def __init__(self, directory: Path, processes: int = 1) -> None:
        self.available = all(importlib.util.find_spec(name) for name in ("av", "PIL"))
        self._directory = directory
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        # Spawned, not forked: the parent runs an event loop and may run threads.
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._running: dict[str, asyncio.Future[None]] = {}

    def start(self) -> None:
        """Start the process at once: its imports take a second, which the first job should not wait for."""
        if not self.available:
            log.warning("%s; every job that needs a video will fail.", MISSING)
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        self._pool = self._new_pool()

    async def close(self) -> None:
        """End the process; clips under way are given up."""
        pool, self._pool = self._pool, None
        if pool:
            self._stop.set()
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def clip(self, spec: ClipSpec) -> Path:
        """Render a clip and return its file. Raises RenderFailed with a reason that can be shown."""
        key = spec.content_key()
        path = self._directory / f"{key}.mp4"
        if path.exists():
            return path
        if key not in self._running:
            self._running[key] = asyncio.ensure_future(self._call(_encode, spec, str(path)))
            self._running[key].add_done_callback(lambda done: self._finished(key, done))
        # Shielded: one impatient caller must not take the clip from the others.
        await asyncio.shield(self._running[key])
        return path

    async def last_picture(self, clip: Path) -> Path:
        """Return the last picture of a clip that was rendered, as a PNG. Raises RenderFailed."""
        still = clip.with_suffix(".last.png")
        if not still.exists():
            await self._call(_last_picture, str(clip), str(still))
        return still

    async def probe(self, clip: Path) -> ClipFacts | None:
        """Return the facts of a clip that was given as an input, or None if it is no clip."""
        try:
            return await self._call(_probe, str(clip), str(clip.with_suffix(".png")))
        except RenderFailed:
            return None

    async def picture_size(self, path: str) -> tuple[int, int] | None:
        """Return width and height of a picture that was given as an input, or None if it is no picture."""
        try:
            return await self._call(_picture_size, path)
        except RenderFailed:
            return None

    def _finished(self, key: str, done: asyncio.Future[None]) -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # Seen, even if nobody waits any more.

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._pool is None:
            raise RenderFailed(MISSING if not self.available else "The sandbox is closing")
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(function, *args, **kwargs))
        except BrokenProcessPool:
            # The process died (out of memory, or killed by a test): the next clip gets a new one.
            if self._pool is pool:
                self._pool = self._new_pool()
            raise RenderFailed("The sandbox's render process died") from None
        except Exception as error:
            if self._pool is pool:
                log.exception("Rendering failed")
            raise RenderFailed(f"Rendering failed: {error}") from error

    def _new_pool(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._processes, self._context, initializer=_prepare, initargs=(self._stop,))
        pool.submit(_import_everything)
        return pool


def payload(directory: Path, size: int) -> Path:
    """Make a file of `size` bytes that has an MP4's outer shape but no pictures, for tests that only move bytes.

    Sparse: 30 MiB cost nothing to write.
    """
    path = directory / f"payload-{size}.mp4"
    if not path.exists():
        head = b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom"
        box = (size - len(head)).to_bytes(4, "big") + b"free" if size >= len(head) + 8 else b""
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write((head + box)[:size])
            file.truncate(size)
    return path


def _prepare(stop: Event) -> None:
    _stopping.append(stop.is_set)
    # Ctrl-C reaches the whole process group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)


# Imported where they run: this process must do without PyAV when only payloads are served.


def _import_everything() -> None:
    importlib.import_module("sandbox.studio.video.encode")


def _encode(spec: ClipSpec, path: str) -> None:
    from sandbox.studio.video.encode import encode  # noqa: PLC0415 - only where wanted

    encode(spec, path, stopping=lambda: any(stop() for stop in _stopping))


def _picture_size(path: str) -> tuple[int, int] | None:
    from sandbox.studio.video.picture import picture_size  # noqa: PLC0415 - only where wanted

    return picture_size(path)


def _last_picture(path: str, still: str) -> None:
    from sandbox.studio.video.encode import last_picture  # noqa: PLC0415 - only where wanted

    last_picture(path, still)


def _probe(path: str, still: str) -> ClipFacts:
    from sandbox.studio.video.encode import probe  # noqa: PLC0415 - only where wanted

    return probe(path, still)
