"""Single pictures of a video as files: its last frame, and thumbnails."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.media.limited_process import ToolFailed, run_tool

SECONDS_MAX = 60.0
"""Seconds that one picture may take, beside the waiting for a free turn."""
AT_ONCE_MAX = 2
"""Pictures that are taken at once. Each takes a core for part of a second."""
SIDE_MAX = 2048
"""Pixels of the longer side of a frame that a video is continued from. Larger ones are made smaller."""
BYTES_MAX = 8 * 1024 * 1024
"""Bytes of such a frame. Every Discord server takes that; a PNG that would be larger becomes a JPEG."""
THUMBNAIL_SIDE_MAX = 480
THUMBNAIL_BYTES_MAX = 256 * 1024


class NoFrame(Exception):
    """No picture can be taken of the file. The message is for the log."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a video, upright and with square pixels."""

    path: Path
    width: int
    height: int


class Frames:
    """Take pictures of videos, in a limited process."""

    def __init__(self, seconds_max: float = SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._gate = asyncio.Semaphore(AT_ONCE_MAX)

    async def last(self, video: Path, target: Path) -> Frame:
        """Write the last picture that a video shows. Raises NoFrame.

        `target` ends in `.png` or `.jpg`. Where a PNG would be too large, the picture is a JPEG beside it.
        """
        return await self._take(video, target, "last", SIDE_MAX, BYTES_MAX)

    async def thumbnail(self, video: Path, target: Path, at_ms: int = 0) -> Frame:
        """Write a small picture of what a video shows `at_ms` from its beginning. `target` ends in `.jpg`.

        A time after the end means the last picture. Raises NoFrame.
        """
        return await self._take(video, target, str(at_ms), THUMBNAIL_SIDE_MAX, THUMBNAIL_BYTES_MAX)

    async def _take(self, video: Path, target: Path, where: str, side: int, size: int) -> Frame:
        arguments = ("frame", video, target, where, str(side), str(size))
        try:
            async with self._gate:
                answer = await run_tool(*arguments, folder=video.parent, seconds_max=self._seconds_max)
        except ToolFailed as failed:
            raise NoFrame(f"{failed.code}: {failed}") from failed
        match answer:
            case {"file": str(name), "width": int(width), "height": int(height)}:
                return Frame(target.with_name(Path(name).name), width, height)
        raise NoFrame("the tool did not say what it wrote")
