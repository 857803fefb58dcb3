"""Simulated time: the true moment, what is due at later moments, and an event loop that lives in it."""

import asyncio
import heapq
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

START = 1_793_620_800.0
"""The moment at which every history begins, in seconds since the epoch."""
TURNS = 12
"""Turns of the event loop after each event, so that what it woke comes to its next pause."""


class SimulatedClock:
    """The true time. It only moves when `advance` is called."""

    def __init__(self) -> None:
        self.now = START
        self.busy: Callable[[], bool] = lambda: False
        """Whether something is under way that takes real time, such as a transaction on a server."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

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
        left = TURNS
        while left:
            await asyncio.sleep(0)
            left = TURNS if self.busy() else left - 1


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers follow the simulated clock, and whose threads do their work at once.

    Nothing in it depends on real time or on the order in which threads finish, so that a history can be repeated.
    """

    def __init__(self, clock: SimulatedClock) -> None:
        self._simulated = clock
        super().__init__()
        self.set_default_executor(_Inline(1))

    def time(self) -> float:
        """Return the simulated moment."""
        return self._simulated.now


class _Inline(ThreadPoolExecutor):
    """An executor that does its work in the caller's thread, before `submit` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever awaits the result gets it
            done.set_exception(error)
        return done
