"""Join the parts of a film to one file, in a limited process."""

import asyncio
import importlib.util
import json
from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.films import Film, film_json
from bot.media.limited_process import Progress, ToolFailed, run_tool, tool_available

SECONDS_PER_SECOND_MAX = 40.0
"""Seconds that a second of a film may take to be made. A slow machine takes a fifth of that for two passes at 1080p."""
SECONDS_MIN = 120.0


@dataclass(frozen=True, slots=True)
class Joined:
    """A film that is made."""

    path: Path
    ms: int
    size: int
    """Bytes of the file."""
    width: int
    height: int
    background: bool
    """Whether the sound behind all parts is in it."""


class JoiningFailed(Exception):
    """The film cannot be made. The message is for the log."""

    def __init__(self, code: str, why: str, part: int | None = None) -> None:
        super().__init__(why)
        self.code = code
        """`clip`, `too_large`, `memory`, `disk`, `time`, or another one of the tool's."""
        self.part = part
        """Which part of the film cannot be read, from 0, where the code is `clip`."""


def joining_available() -> bool:
    """Return whether films can be made here: the packages of the extra `video` are installed."""
    needed = ("PIL", "fontTools")
    return tool_available() and all(importlib.util.find_spec(name) is not None for name in needed)


async def join(
    film: Film, target: Path, seconds: float, *, threads: int = 2, on_progress: Callable[[Progress], None] | None = None
) -> Joined:
    """Make a film of about `seconds` and write it to `target`, an MP4. Raises JoiningFailed.

    The plan is written beside it. Nothing is left behind where that fails, or where the caller is cancelled.
    """
    plan = target.with_suffix(".json")
    seconds_max = max(SECONDS_MIN, seconds * SECONDS_PER_SECOND_MAX)
    arguments = ("join", plan, target, str(threads), str(round(seconds_max * threads)))
    try:
        await to_thread(plan.write_text, json.dumps(film_json(film)))
        answer = await run_tool(*arguments, folder=target.parent, seconds_max=seconds_max, on_progress=on_progress)
        match answer:
            case {
                "ms": int(ms),
                "bytes": int(size),
                "width": int(width),
                "height": int(height),
                "background": bool(heard),
            }:
                return Joined(target, ms, size, width, height, heard)
        raise ToolFailed("ended", "the tool did not say what it made", {})
    except ToolFailed as failed:
        await to_thread(target.unlink, missing_ok=True)
        part = failed.answer.get("part")
        raise JoiningFailed(failed.code, str(failed), part if isinstance(part, int) else None) from failed
    except OSError as error:
        raise JoiningFailed("disk", str(error)) from error
    except asyncio.CancelledError:
        await to_thread(target.unlink, missing_ok=True)
        raise
    finally:
        await to_thread(plan.unlink, missing_ok=True)
