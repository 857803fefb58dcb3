"""The time of a sandbox: wall-clock time that can be advanced, set back and sped up, so that hours pass at once."""

import asyncio
import math
import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the Unix epoch, running at `speed` simulated seconds per real second.

    At speed 1 it agrees with the wall clock, so that a caller can compare timestamps with its own. A faster or an
    advanced clock runs ahead of the caller. Use one to look at long waits, not where the caller compares times.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Begin at the present moment. Raises ValueError unless `speed` is positive."""
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._speed = speed
        self._real_origin = self._simulated_origin = time.time()
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._speed

    def now(self) -> float:
        """Return simulated seconds since the Unix epoch."""
        return self._simulated_origin + (time.time() - self._real_origin) * self._speed

    def set_speed(self, speed: float) -> None:
        """Let time run at `speed` from this moment on; sleepers notice at once."""
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._rebase(self.now())
        self._speed = speed

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds` of simulated time; whatever falls due is due at once."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self._rebase(self.now() + seconds)

    def reset(self) -> None:
        """Go back to the wall clock. Speed stays as it is."""
        self._rebase(time.time())

    def real_seconds(self, simulated: float) -> int:
        """Return a simulated span in the caller's whole seconds, rounded up, at least 1 (for `Retry-After`)."""
        return max(1, math.ceil(simulated / self._speed))

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` reaches `moment`, however the clock is changed meanwhile."""
        while (remaining := moment - self.now()) > 0:
            changed = self._changed
            try:
                async with asyncio.timeout(remaining / self._speed):
                    await changed.wait()
            except TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of simulated time."""
        await self.sleep_until(self.now() + seconds)

    def _rebase(self, simulated: float) -> None:
        """Go on from `simulated`, and wake all sleepers."""
        self._simulated_origin = simulated
        self._real_origin = time.time()
        self._changed.set()
        self._changed = asyncio.Event()


def iso(moment: float) -> str:
    """Return a moment as both Discord and the provider write it: `2026-02-20T12:40:01.123000+00:00`."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
