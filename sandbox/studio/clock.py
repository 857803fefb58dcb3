"""Simulated time: one clock for lifecycles, timestamps and the rate limit."""

from __future__ import annotations

import asyncio
import math
import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the Unix epoch, running at `speed` simulated seconds per real second.

    At speed 1 it agrees with the wall clock, so that timestamps can be compared with the caller's own. A faster or an
    advanced clock runs ahead of the caller: use it to look at long waits, not where the caller compares times.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._speed = speed
        self._simulated_origin = time.time()
        self._real_origin = time.monotonic()
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> float:
        """Simulated seconds since the Unix epoch."""
        return self._simulated_origin + (time.monotonic() - self._real_origin) * self._speed

    def set_speed(self, speed: float) -> None:
        """Let time run at `speed` from this moment on; sleepers notice at once."""
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._rebase(self.now())
        self._speed = speed
        self._wake()

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds` of simulated time; whatever falls due is due at once."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._rebase(self.now() + seconds)
        self._wake()

    def real_seconds(self, simulated: float) -> int:
        """A simulated span in the caller's whole seconds, rounded up, at least 1 (for `Retry-After`)."""
        return max(1, math.ceil(simulated / self._speed))

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` reaches `moment`, however speed changes meanwhile."""
        while (remaining := moment - self.now()) > 0:
            changed = self._changed
            try:
                async with asyncio.timeout(remaining / self._speed):
                    await changed.wait()
            except TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + seconds)

    def _rebase(self, simulated: float) -> None:
        self._simulated_origin = simulated
        self._real_origin = time.monotonic()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def iso(moment: float) -> str:
    """`2026-02-20T12:40:01.123456+00:00`, the provider's way of writing a time."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
