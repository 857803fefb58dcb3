"""The sandbox's time: real time plus whatever it was advanced by, so that hours can pass in a test at once."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime


class Clock:
    """Wall-clock seconds since the Unix epoch. Deadlines of Discord are measured with it; socket timeouts are not."""

    def __init__(self) -> None:
        self._offset_seconds = 0.0
        self._advanced = asyncio.Event()

    def now(self) -> float:
        return time.time() + self._offset_seconds

    def datetime(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        """Move forward; everything that waits for a moment now past wake_events up."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self._offset_seconds += seconds
        self._advanced.set()
        self._advanced = asyncio.Event()

    async def wait_until(self, moment: float) -> None:
        """Return once `now()` has reached `moment`, by waiting or by an advance."""
        while (remaining := moment - self.now()) > 0:
            advanced = self._advanced
            try:
                async with asyncio.timeout(remaining):
                    await advanced.wait()
            except TimeoutError:
                continue


def iso(moment: float) -> str:
    """A moment as Discord writes it: `2026-02-20T12:40:01.123000+00:00`."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
