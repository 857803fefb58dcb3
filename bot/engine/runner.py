"""Runs the engine's loops for years: restarts what fails, wake_events what has work, and stops in time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.retry import backoff_seconds

log = logging.getLogger(__name__)

RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX = 0.5, 60.0
DRAIN_SECONDS = 20.0
"""So long a stop waits for steps under way; what is cut off then is taken up at the next start."""


@dataclass
class Loop:
    """One supervised loop. `step` does what is due and returns in how many seconds it wants to be called again."""

    name: str
    step: Callable[[], Awaitable[float]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0
    """In a row; 0 is healthy."""
    problem: str | None = None
    last_step_at: float | None = None

    @property
    def healthy(self) -> bool:
        """Whether the last step went through."""
        return self.failures == 0


class Runner:
    """`start()` the loops, then `stop()`: steps under way are finished, within DRAIN_SECONDS."""

    def __init__(self, loops: Sequence[Loop]) -> None:
        self.loops = tuple(loops)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin every loop."""
        self._tasks = [asyncio.create_task(self._supervise(loop), name=f"loop:{loop.name}") for loop in self.loops]

    async def stop(self) -> None:
        """Let the steps under way finish, then end."""
        self._stopping.set()
        for loop in self.loops:
            loop.wake.set()
        if not self._tasks:
            return
        _, slow = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
        for task in slow:
            log.warning("%s did not finish in %.0f s and is cut off", task.get_name(), DRAIN_SECONDS)
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _supervise(self, loop: Loop) -> None:
        while not self._stopping.is_set():
            loop.wake.clear()
            try:
                wait = await loop.step()
            except Exception as error:
                loop.failures += 1
                loop.problem = f"{type(error).__name__}: {error}"
                wait = backoff_seconds(loop.failures, RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX, 0)
                log.error(
                    "loop %s failed (%d in a row), again in %.1f s", loop.name, loop.failures, wait, exc_info=error
                )
                # Being woken must not turn a failing loop into a hot one.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), wait)
                continue
            loop.failures, loop.problem, loop.last_step_at = 0, None, time.time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(loop.wake.wait(), max(0.0, wait))
