"""What a video is like, as a film's plan needs it."""

import asyncio
from fractions import Fraction
from pathlib import Path

from bot.domain.films import ClipFacts
from bot.media.limited_process import ToolFailed, run_tool

SECONDS_MAX = 30.0
"""Seconds that a look at one file may take."""


class Unreadable(Exception):
    """The file is no video that can be used. The message is for the log."""


async def clip_facts(video: Path) -> ClipFacts:
    """Return what a video is like, as it is shown. Its packets are all looked at. Raises Unreadable."""
    try:
        answer = await run_tool("facts", video, folder=video.parent, seconds_max=SECONDS_MAX)
    except ToolFailed as failed:
        raise Unreadable(f"{failed.code}: {failed}") from failed
    size = (await asyncio.to_thread(video.stat)).st_size
    match answer:
        case {
            "width": int(width),
            "height": int(height),
            "rate": str(rate),
            "ms": int(ms),
            "sound": bool(sound),
        }:
            return ClipFacts(width, height, Fraction(rate), ms, sound, size)
    raise Unreadable("the tool did not say what the video is like")
