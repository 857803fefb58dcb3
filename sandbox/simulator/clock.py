"""Simulated time: the true moment, what is due at later moments, and an event loop that lives in it."""

import asyncio
import heapq
import math
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

START = 1_793_620_800.0
"""The moment at which every history begins, in seconds since the epoch."""


class SimulatedClock:
    """The true time. It only moves when `advance` is called."""

    def __init__(self) -> None:
        self.now = START
        self.ahead = 0.0
        """Seconds by which the time of day is wrong that all processes follow."""
        self.set_at = -math.inf
        """When the time of day was last set wrong, or right again."""
        self.under_way: Callable[[], Awaitable[None] | None] = lambda: None
        """Returns what ends when nothing takes real time any more, such as a transaction on a server; else None."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def set_ahead(self, seconds: float) -> None:
        """Set the time of day that all processes follow: wrong, or right again."""
        self.ahead, self.set_at = seconds, self.now

    def at(self, moment: float, happen: Callable[[], None]) -> None:
        """Have something happen at a later moment."""
        heapq.heappush(self._due, (moment, next(self._numbers), happen))

    async def advance(self, seconds: float) -> None:
        """Let time pass. What falls due happens at its own moment, and whoever it wakes goes on at that moment."""
        until = self.now + seconds
        while self._due and self._due[0][0] <= until:
            moment, _, happen = heapq.heappop(self._due)
            self.now = max(self.now, moment)
            happen()
            await self.turns()
        self.now = until

    async def turns(self) -> None:
        """Let every task that can go on come to its next pause, and every transaction under way to its end."""
        loop = asyncio.get_running_loop()
        if not isinstance(loop, SimulatedLoop):
            raise TypeError("simulated time passes in a simulated loop only")
        while True:
            await asyncio.sleep(0)
            if loop.can_go_on():
                continue
            under_way = self.under_way()
            if under_way is None:
                return
            await under_way


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers follow a simulated clock, and whose threads do their work at once.

    Nothing in it depends on real time or on the order in which threads finish, so that a history can be repeated.
    """

    _ready: Collection[asyncio.Handle]
    _scheduled: Sequence[asyncio.TimerHandle]
    _clock_resolution: float

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        """The clock of the history that runs."""
        super().__init__()
        self._clock_resolution = 1e-6  # a shorter time after START cannot be told from START itself
        self.set_default_executor(_Inline(1))

    def time(self) -> float:
        """Return the simulated moment."""
        return self.clock.now

    def can_go_on(self) -> bool:
        """Return whether anything but the caller can go on at this moment without a message from outside."""
        soon = self.time() + self._clock_resolution
        return bool(self._ready) or bool(self._scheduled and self._scheduled[0].when() < soon)


class _Inline(ThreadPoolExecutor):
    """An executor that does its work in the caller's thread, before `submit` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever awaits the result gets it
            done.set_exception(error)
        return done
