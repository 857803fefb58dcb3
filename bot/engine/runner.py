"""Run the engine's loops for years: restart what fails, wake what has work, and stop in time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.clock import Clock
from bot.domain.retry import backoff_seconds

log = logging.getLogger(__name__)

RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX = 0.5, 60.0
"""Seconds from a failed step to the next one: after the first failure, and after many in a row."""
DRAIN_SECONDS = 20.0
"""Seconds that `Runner.stop` waits for work under way. What is cut off is taken up at the next start."""
STEP_SECONDS_MAX = 300.0
"""Seconds after which a step that has not returned makes its loop unhealthy. No step's own time limits add up to it."""


@dataclass
class Loop:
    """One supervised loop. `step` does what is due and returns the seconds after which it wants to be called again."""

    name: str
    step: Callable[[], Awaitable[float]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    step_seconds_max: float = STEP_SECONDS_MAX
    failures: int = 0
    """Steps that failed in a row. 0 is healthy."""
    problem: str | None = None
    """The class of the last failure's error, while it lasts. The log has the rest."""
    step_began_at: float | None = None
    """When the step under way began, on the runner's clock. None between steps."""

    def healthy(self, now: float) -> bool:
        """Return whether the last step went through and none has run for longer than `step_seconds_max`."""
        hangs = self.step_began_at is not None and now - self.step_began_at > self.step_seconds_max
        return self.failures == 0 and not hangs


class Runner:
    """Run loops from `start` to `stop`.

    `drains` are awaited by `stop` after the last step of every loop: each finishes work that outlives a step. `clock`
    is monotonic, because the time of day may jump. `drain_seconds` is how long `stop` waits, `restart_seconds` the
    pause after a loop's first failure.
    """

    def __init__(
        self,
        loops: Sequence[Loop],
        drains: Sequence[Callable[[], Awaitable[None]]] = (),
        clock: Clock = time.monotonic,
        *,
        drain_seconds: float = DRAIN_SECONDS,
        restart_seconds: float = RESTART_SECONDS_FIRST,
    ) -> None:
        self.loops = tuple(loops)
        self.clock = clock
        self._drains = tuple(drains)
        self._drain_seconds = drain_seconds
        self._restart_seconds = restart_seconds
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin every loop."""
        self._tasks = [asyncio.create_task(self._supervise(loop), name=f"loop:{loop.name}") for loop in self.loops]

    async def stop(self) -> None:
        """Let the work under way finish, and cut off what does not within `drain_seconds`."""
        self._stopping.set()
        for loop in self.loops:
            loop.wake.set()
        finishing = asyncio.create_task(self._finish(), name="drain")
        await asyncio.wait([finishing], timeout=self._drain_seconds)
        for task in (*self._tasks, finishing):
            if not task.done():
                log.warning(
                    "%s did not finish in %.0f s and is cut off",
                    task.get_name(),
                    self._drain_seconds,
                    extra={"action": "stop", "task": task.get_name()},
                )
                task.cancel()
        await asyncio.gather(*self._tasks, finishing, return_exceptions=True)

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks)
        for drain in self._drains:
            await drain()

    async def _supervise(self, loop: Loop) -> None:
        while not self._stopping.is_set():
            loop.wake.clear()
            loop.step_began_at = self.clock()
            try:
                wait = await loop.step()
            except Exception as error:
                loop.failures += 1
                loop.problem = type(error).__name__
                wait = backoff_seconds(loop.failures, self._restart_seconds, RESTART_SECONDS_MAX, 0)
                log.error(
                    "loop %s failed (%d in a row), again in %.1f s",
                    loop.name,
                    loop.failures,
                    wait,
                    exc_info=error,
                    extra={"action": "loop_failed", "loop": loop.name, "failures": loop.failures},
                )
                # A failing loop is not woken: its wake event must not turn it into a hot one.
                woken_by = self._stopping
            else:
                loop.failures, loop.problem = 0, None
                woken_by = loop.wake
            loop.step_began_at = None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken_by.wait(), max(0.0, wait))
