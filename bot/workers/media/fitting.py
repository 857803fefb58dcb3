"""Make videos smaller that are too large for a channel, where PyAV is installed (the extra `fit`)."""

import asyncio
import importlib.util
import logging
import sys
from pathlib import Path

log = logging.getLogger(__name__)

SECONDS_MAX = 180.0
"""Seconds that one video may take to encode."""


class Fitter:
    """Runs the encoder in a process of its own, for one video at a time: it takes a whole core."""

    def __init__(self, seconds_max: float = SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._gate = asyncio.Semaphore(1)
        self.available = importlib.util.find_spec("av") is not None
        """Whether videos can be made smaller here."""

    async def fit(self, path: Path, limit_bytes: int) -> bool:
        """Replace the video at `path` by one of at most `limit_bytes`.

        Returns False, and leaves the file unchanged, where that cannot be done.
        """
        smaller = path.with_name(f"{path.stem}-fit.mp4")
        command = (sys.executable, "-m", "bot.workers.media.transcode", str(path), str(smaller), str(limit_bytes))
        try:
            async with self._gate, asyncio.timeout(self._seconds_max):
                encoder = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
                try:
                    done = await encoder.wait() == 0
                except asyncio.CancelledError:
                    encoder.kill()
                    await encoder.wait()
                    raise
            if done:
                await asyncio.to_thread(smaller.replace, path)
        except TimeoutError:
            log.warning("%s was not made smaller within %.0f s", path.name, self._seconds_max, extra={"action": "fit"})
            return False
        finally:
            await asyncio.to_thread(smaller.unlink, missing_ok=True)
        return done
