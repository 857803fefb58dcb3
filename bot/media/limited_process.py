"""Run the tool that touches strangers' media files, in a process of its own.

The tool (`bot/media/tool`) has none of the bot's secrets in its environment and works at a low priority. It limits its
own memory, time and file size before it opens anything, and it ends with the process that started it.
"""

import asyncio
import importlib.util
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.domain.json_value import JsonObject

log = logging.getLogger(__name__)

_TOOL = Path(__file__).with_name("tool")


class ToolFailed(Exception):
    """The tool could not do it. The message is for the log."""

    def __init__(self, code: str, why: str, answer: JsonObject) -> None:
        super().__init__(why)
        self.code = code
        """`unreadable`, `too_large`, `memory`, `disk`, `time`, or `ended` where the tool said nothing more."""
        self.answer = answer
        """The facts that came with the problem."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many steps of all are done."""

    done: int
    whole: int


def tool_available() -> bool:
    """Return whether videos can be worked on here: PyAV is installed (the extra `video`)."""
    return importlib.util.find_spec("av") is not None


async def run_tool(
    *arguments: str | Path,
    folder: Path,
    seconds_max: float,
    on_progress: Callable[[Progress], None] | None = None,
) -> JsonObject:
    """Run the tool in `folder`, and return its answer. Raises ToolFailed.

    The process is killed after `seconds_max`, and where the caller is cancelled.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_TOOL), *map(str, arguments)),
        env={"PATH": os.environ.get("PATH", os.defpath)},
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,  # never written to: it ends when this process does, and so does the tool
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(seconds_max):
            answer = await _read_answer(process, on_progress)
            status = await process.wait()
    except TimeoutError:
        raise ToolFailed("time", f"it took longer than {seconds_max:.0f} s", {}) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if status == 0:
        return answer
    raise ToolFailed(str(answer.get("problem", "ended")), str(answer.get("why", f"status {status}")), answer)


async def _read_answer(
    process: asyncio.subprocess.Process, on_progress: Callable[[Progress], None] | None
) -> JsonObject:
    """Read the tool's lines to their end, and return the last one that is no progress."""
    answer: JsonObject = {}
    if process.stdout is None:
        return answer
    async for line in process.stdout:
        said = _object_in(line)
        match said:
            case {"done": int(done), "all": int(whole)}:
                if on_progress is not None:
                    on_progress(Progress(done, whole))
            case _:
                answer = said
    return answer


def _object_in(line: bytes) -> JsonObject:
    """Return what a line says; nothing where it is no JSON object. A file's decoder might be made to write there."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
