"""Make videos smaller that are too large for a channel, where PyAV is installed (the extra `video`)."""

import asyncio
import logging
from pathlib import Path

from bot.domain.media_type import VIDEO_SUFFIXES
from bot.media.limited_process import ToolFailed, run_tool, tool_available

log = logging.getLogger(__name__)

SECONDS_MAX = 180.0
"""Seconds that one video may take to encode."""
WAITING_MAX = 4
"""Videos that may wait for the encoder. Further ones are linked, so that they do not hold up other deliveries."""


class Fitter:
    """Run the encoder for one video at a time, because it takes a whole core."""

    def __init__(self, seconds_max: float = SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._gate = asyncio.Semaphore(1)
        self._waiting = 0
        self.available = tool_available()
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
            async with self._gate:
                await run_tool(
                    "fit", path, smaller, str(limit_bytes), folder=path.parent, seconds_max=self._seconds_max
                )
            fitted = path.with_suffix(".mp4")
            await asyncio.to_thread(path.unlink)
            await asyncio.to_thread(smaller.replace, fitted)
        except ToolFailed as failed:
            log.info(
                "%s cannot be made smaller: %s", path.name, failed, extra={"action": "fit", "problem": failed.code}
            )
            return None
        finally:
            self._waiting -= 1
            await asyncio.to_thread(smaller.unlink, missing_ok=True)
        return fitted
