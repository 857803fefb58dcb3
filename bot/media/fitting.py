"""Make videos smaller that are too large for a channel, where PyAV is installed (the extra `fit`)."""

import asyncio
import importlib.util
import logging
import os
import sys
from pathlib import Path

from bot.domain.media_type import VIDEO_SUFFIXES

log = logging.getLogger(__name__)

SECONDS_MAX = 180.0
"""Seconds that one video may take to encode."""
WAITING_MAX = 4
"""Videos that may wait for the encoder. Further ones are linked, so that they do not hold up other deliveries."""
_ENCODER = Path(__file__).with_name("transcode.py")


class Fitter:
    """Run the encoder for one video at a time, because it takes a whole core.

    A video comes from a stranger. So its encoder is a process of its own, which has none of the bot's secrets in its
    environment and sets limits to itself.
    """

    def __init__(self, seconds_max: float = SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._gate = asyncio.Semaphore(1)
        self._waiting = 0
        self.available = importlib.util.find_spec("av") is not None
        """Whether videos can be made smaller here."""

    async def fit(self, path: Path, limit_bytes: int) -> Path | None:
        """Replace the video at `path` by an MP4 of at most `limit_bytes`, and return where that is.

        Returns None, and leaves the file unchanged, where that cannot be done.
        """
        if path.suffix not in VIDEO_SUFFIXES or self._waiting >= WAITING_MAX:
            return None
        smaller = path.with_name(f"{path.stem}-fit.part")
        self._waiting += 1
        try:
            async with self._gate, asyncio.timeout(self._seconds_max):
                status = await self._encode(path, smaller, limit_bytes)
            if status != 0:
                log.info("%s cannot be made smaller (status %d)", path.name, status, extra={"action": "fit"})
                return None
            fitted = path.with_suffix(".mp4")
            await asyncio.to_thread(path.unlink)
            await asyncio.to_thread(smaller.replace, fitted)
        except TimeoutError:
            log.warning("%s was not made smaller within %.0f s", path.name, self._seconds_max, extra={"action": "fit"})
            return None
        finally:
            self._waiting -= 1
            await asyncio.to_thread(smaller.unlink, missing_ok=True)
        return fitted

    @staticmethod
    async def _encode(source: Path, target: Path, limit_bytes: int) -> int:
        """Run the encoder to its end and return its exit status."""
        encoder = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_ENCODER), str(source), str(target), str(limit_bytes)),
            env={"PATH": os.environ.get("PATH", os.defpath)},
            cwd=source.parent,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            return await encoder.wait()
        except asyncio.CancelledError:
            encoder.kill()
            await encoder.wait()
            raise
