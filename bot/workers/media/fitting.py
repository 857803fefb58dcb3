"""Videos too large for a channel are made smaller where PyAV is installed (the extra `fit`), else linked."""

import asyncio
import importlib.util
import logging
import sys
from pathlib import Path

log = logging.getLogger(__name__)

FIT_SECONDS_MAX = 180.0
"""After so long the original is linked instead."""

_one_at_a_time = asyncio.Semaphore(1)
"""An encoder takes a whole core; deliveries of small files go on beside it."""


def can_fit() -> bool:
    """Whether videos can be made smaller here."""
    return importlib.util.find_spec("av") is not None


async def fit(path: Path, limit_bytes: int) -> bool:
    """Replace the video at `path` by one of at most `limit_bytes`; False, and unchanged, where that cannot be done."""
    smaller = path.with_name(f"{path.stem}-fit.mp4")
    command = (sys.executable, "-m", "bot.workers.media.transcode", str(path), str(smaller), str(limit_bytes))
    try:
        async with _one_at_a_time, asyncio.timeout(FIT_SECONDS_MAX):
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
        log.warning("%s was not made smaller within %.0f s", path.name, FIT_SECONDS_MAX)
        return False
    finally:
        await asyncio.to_thread(smaller.unlink, missing_ok=True)
    return done
