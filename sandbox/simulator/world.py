"""Everything that a history moves: the clock, the provider, Discord, people, processes, and the promises."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.storage.jobs import StaleState
from bot.workers import housekeeping
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.database import WatchedDatabase
from sandbox.simulator.dials import Dials
from sandbox.simulator.discord import SimulatedDiscord
from sandbox.simulator.people import People
from sandbox.simulator.process import Process
from sandbox.simulator.promises import TABLES, Books, Promises, read_books
from sandbox.simulator.provider import HOUR_SECONDS, SimulatedProvider
from sandbox.simulator.story import Story, Violation
from sandbox.simulator.wire import Wire

OpenDatabase = Callable[[], Awaitable[WatchedDatabase]]
"""Opens a migrated database without content, in the event loop that will use it."""


@dataclass
class Result:
    """What a history saw. `violation` is None if every promise held."""

    seed: int
    dials: Dials
    states: Counter[str] = field(default_factory=Counter)
    renders: int = 0
    steps: int = 0
    violation: Violation | None = None
    lines: list[str] = field(default_factory=list)
    """The story."""


class World:
    """All parts of one history."""

    database: WatchedDatabase
    """The bot's database, once it is open."""

    def __init__(self, seed: int, dials: Dials, clock: SimulatedClock, chance: random.Random) -> None:
        self.result = Result(seed, dials)
        self.dials = dials
        self.clock = clock
        self.chance = chance
        self.story = Story(clock, self.result.lines)
        self.provider = SimulatedProvider(clock, dials, chance, self.story)
        self.discord = SimulatedDiscord(clock, dials, chance, self.story)
        self.wire = Wire(clock, self.provider, dials, chance)
        self.people = People(dials, chance, self.story, self.provider)
        self.promises = Promises(clock, dials, self.provider, self.discord, self.people)
        self.processes: list[Process] = []
        self._names = 0
        self._acts: list[asyncio.Task[Any]] = []
        self._books = Books({}, {}, {}, {}, frozenset(), (), None, 0)
        self._checked: tuple[Books, int, int] | None = None

    def act(self, act: Callable[[Process], Any], name: str) -> None:
        """Have somebody do something in a process that is awake; it may take a while, or never end."""
        awake = [process for process in self.processes if not process.suspended]
        if awake:
            process = self.chance.choice(awake)
            self._acts.append(process.run(lambda: act(process), f"{process.name} {name}"))

    async def calmly(self, act: Callable[[Process], Awaitable[None]]) -> None:
        """Have somebody do something in a process that is not interrupted meanwhile."""
        process = self.processes[0]
        calm, process.calm = process.calm, True
        await act(process)
        process.calm = calm

    async def start_process(self) -> None:
        """Start one more process."""
        self._names += 1
        if self.clock.now - self.clock.set_at < HOUR_SECONDS or self.clock.ahead:
            # A new process has only a time of day that is wrong, or a log that a wrong one has written.
            self.promises.hour_is_known = False
        skew = self.chance.uniform(-1, 1) * self.dials.skew_max
        process = Process(
            f"bot-{self._names}",
            self.database,
            self.clock,
            self.wire,
            self.discord,
            self.chance,
            self.story,
            skew,
        )
        if self.dials.processes == 1:
            # As at the start of the only process on a SQLite file.
            await self.database.write(housekeeping.release_leases, process.time())
        await process.context.durations.load()
        self.processes.append(process)

    async def replace_dead(self) -> None:
        """Start a process in place of each that has died, as a supervisor would."""
        for process in [one for one in self.processes if one.dead]:
            self.processes.remove(process)
            await self.start_process()
            self.story.tell(self.processes[-1].name, f"starts in place of {process.name}")

    async def settle(self) -> None:
        """Replace who died, pass on what people's acts found, and check every promise."""
        await self.replace_dead()
        for act in [one for one in self._acts if one.done()]:
            self._acts.remove(act)
            if not act.cancelled() and (error := act.exception()) is not None:
                raise error if isinstance(error, Violation) else Violation("people are answered", repr(error))
        for process in self.processes:
            for name, error in process.failures:
                # A process that was overtaken drops what it wanted to write.
                if not isinstance(error, (Violation, StaleState)):
                    raise Violation("no step fails", f"{name}: {type(error).__name__}: {str(error)[:300]}")
            process.failures.clear()
        checked = (await self.books(), len(self.provider.renders), len(self.discord.closings))
        if self._checked is None or checked[0] is not self._checked[0] or checked[1:] != self._checked[1:]:
            self.promises.check(checked[0])
            self._checked = checked

    async def books(self) -> Books:
        """Return what the database says now. What was not written to is not read again."""
        if written := self.database.written & TABLES:
            self.database.written.clear()
            self._books = await self.database.read(read_books, self._books, written)
        return self._books
