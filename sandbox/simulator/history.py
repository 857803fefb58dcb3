"""One history: a seeded scheduler lets processes, people and mishaps act in random order, then all calms down."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.jobs import JobState
from bot.storage import accounts
from bot.storage.jobs import StaleState
from bot.workers import housekeeping
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.database import CountedDatabase
from sandbox.simulator.dials import Dials
from sandbox.simulator.discord import SimulatedDiscord
from sandbox.simulator.people import People
from sandbox.simulator.process import Process
from sandbox.simulator.promises import Books, Promises, read_books
from sandbox.simulator.provider import POSTS_PER_HOUR, SimulatedProvider
from sandbox.simulator.story import Story, Violation
from sandbox.simulator.tasks import task_factory
from sandbox.simulator.wire import Wire

EVENTS = 160
"""Things that happen before everything calms down."""
CALM_SECONDS_MAX = 3 * 86_400.0
"""Simulated time within which everything must come to its end once nothing goes wrong any more."""
PLAIN_EVERY_SECONDS, PLAIN_REQUESTS_MAX = 3600.0, 10
"""How often, and how many times, a member asks for something ordinary while everything calms down."""
LOOK_SHARE = 0.02
"""Share of the time since the calm began after which loops are stepped again."""
BUSY_LOOPS = ("submitter", "reconciliation", "poller", "delivery")
"""Loops that are stepped more often than the others."""
JUMPS = (-7200.0, 7200.0, 86_400.0)
"""Seconds by which a clock is wrong for a while."""


OpenDatabase = Callable[[], Awaitable[CountedDatabase]]
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
    story: Story | None = None


class History:
    """The scheduler and everything that it moves."""

    def __init__(self, seed: int, dials: Dials, clock: SimulatedClock, chance: random.Random) -> None:
        self.result = Result(seed, dials)
        self._dials = dials
        self._clock = clock
        self._chance = chance
        self._story = self.result.story = Story(clock)
        self._provider = SimulatedProvider(clock, dials, chance, self._story)
        self._discord = SimulatedDiscord(clock, dials, chance, self._story)
        self._wire = Wire(clock, self._provider, dials, chance)
        self._people = People(dials, chance, self._story, self._provider)
        self._promises = Promises(clock, dials, self._provider, self._discord, self._people)
        self._processes: list[Process] = []
        self._names = 0
        self._acts: list[asyncio.Task[Any]] = []
        self._books_read = Books({}, {}, {}, {}, frozenset(), (), None)
        self._read_at = -1
        self._checked_at = (-1, 0, 0)

    async def run(self, open_database: OpenDatabase) -> None:
        """Let everything happen, then calm down, and note what was broken first."""
        self._database = await open_database()
        self._clock.busy = self._database.busy
        asyncio.get_running_loop().set_task_factory(task_factory)
        try:
            await self._database.write(accounts.set_hourly_posts, POSTS_PER_HOUR)
            for _ in range(self._dials.processes):
                await self._start_process()
            await self._calmly(self._people.prepare)
            for _ in range(EVENTS):
                await self._event()
                await self._settle()
            self._story.tell("scheduler", "everything calms down")
            await self._calm_down()
        except Violation as violation:
            self.result.violation = violation
            self._story.tell("promises", str(violation))
        finally:
            for process in self._processes:
                process.kill("at the end")
            await self._clock.turns()
            self.result.renders = len(self._provider.renders)
            await self._database.close()

    # -- what happens -------------------------------------------------------------------------------------------------

    async def _event(self) -> None:
        """Let one thing happen."""
        kind = self._chance.choices(
            ("step", "resume", "time", "ask", "cancel", "moderate", "mishap", "foreign"),
            (50, 25, 14, 9, 2, 4, 6, 1),
        )[0]
        await getattr(self, f"_do_{kind}")()
        await self._clock.turns()

    async def _do_step(self) -> None:
        process = self._chance.choice(self._processes)
        name = self._chance.choice((*BUSY_LOOPS, *BUSY_LOOPS, *process.loops))
        if not process.suspended and process.begin(name):
            self.result.steps += 1

    async def _do_resume(self) -> None:
        for process in self._chance.sample(self._processes, len(self._processes)):
            if process.resume_one():
                return

    async def _do_time(self) -> None:
        await self._clock.advance(self._chance.choice((0.1, 1, 3, 10, 30, 60, 150, 400, 900)))

    async def _do_ask(self) -> None:
        self._act(self._people.ask, "a member asks")

    async def _do_cancel(self) -> None:
        if self._people.jobs:
            self._act(self._people.cancel, "a member cancels")

    async def _do_moderate(self) -> None:
        self._act(self._people.moderate, "a moderator acts")

    async def _do_foreign(self) -> None:
        if self._chance.random() < self._dials.foreign * 10:
            asked = self._people.requests
            prompt = self._chance.choice(asked).request.values["prompt"] if asked else "somebody else's"
            self._provider.make({"model_slug": "veo31_fast", "prompt": prompt}, None)

    async def _do_mishap(self) -> None:
        process = self._chance.choice(self._processes)
        match self._chance.randrange(9):
            case 0:
                process.kill("at some moment")
            case 1:
                process.dies_after_commit = True
            case 2 | 3:
                process.suspended = not process.suspended
                self._story.tell(process.name, "is suspended" if process.suspended else "goes on")
            case 4:
                self._provider.refusing = None if self._provider.refusing else self._chance.choice((401, 403))
                self._story.tell("provider", f"refuses the key: {self._provider.refusing}")
            case 5:
                self._discord.away = not self._discord.away
            case 6 if self._dials.clock_jumps:
                process.skew = self._chance.choice((*JUMPS, 0.0))
                self._story.tell(process.name, f"has its clock {process.skew:.0f} s off")
            case 7:
                self._act(self._people.decide_cases, "the owner decides")
            case 8:
                self._provider.balance += 500
        await self._clock.turns()
        await self._replace_dead()

    def _act(self, act: Callable[[Process], Any], name: str) -> None:
        awake = [process for process in self._processes if not process.suspended]
        if awake:
            process = self._chance.choice(awake)
            self._acts.append(process.run(lambda: act(process), f"{process.name} {name}"))

    async def _calmly(self, act: Callable[[Process], Awaitable[None]]) -> None:
        """Have somebody do something in a process that is not interrupted meanwhile."""
        process = self._processes[0]
        calm, process.calm = process.calm, True
        await act(process)
        process.calm = calm

    # -- processes ----------------------------------------------------------------------------------------------------

    async def _start_process(self) -> None:
        self._names += 1
        skew = self._chance.uniform(-1, 1) * self._dials.skew_max
        process = Process(
            f"bot-{self._names}",
            self._database,
            self._clock,
            self._wire,
            self._discord,
            self._chance,
            self._story,
            skew,
        )
        if self._dials.processes == 1:
            # As at the start of the only process on a SQLite file.
            await self._database.write(housekeeping.release_leases, process.time())
        await process.context.durations.load()
        self._processes.append(process)

    async def _replace_dead(self) -> None:
        for process in [one for one in self._processes if one.dead]:
            self._processes.remove(process)
            await self._start_process()
            self._story.tell(self._processes[-1].name, f"starts in place of {process.name}")

    # -- the reckoning ------------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Replace who died, pass on what people's acts found, and check every promise."""
        await self._replace_dead()
        for act in [one for one in self._acts if one.done()]:
            self._acts.remove(act)
            if not act.cancelled() and (error := act.exception()) is not None:
                raise error if isinstance(error, Violation) else Violation("people are answered", repr(error))
        for process in self._processes:
            for name, error in process.failures:
                # A process that was overtaken drops what it wanted to write.
                if not isinstance(error, (Violation, StaleState)):
                    raise Violation("no step fails", f"{name}: {type(error).__name__}: {str(error)[:300]}")
            process.failures.clear()
        if self._checked_at != (self._database.commits, len(self._provider.renders), len(self._discord.closings)):
            self._promises.check(await self._books())
            self._checked_at = (self._database.commits, len(self._provider.renders), len(self._discord.closings))

    async def _books(self) -> Books:
        """Return what the database says now; it is read again only if something was written."""
        if self._read_at != self._database.commits:
            self._books_read = await self._database.read(read_books)
            self._read_at = self._database.commits
        return self._books_read

    async def _calm_down(self) -> None:
        """Switch off every fault, and let the bot work until everything has ended."""
        self._provider.refusing, self._provider.rough = None, 0.0
        self._provider.balance = 10_000_000
        self._discord.away, self._discord.rough = False, 0.0
        self._wire.calm = True
        for process in self._processes:
            process.suspended, process.dies_after_commit, process.calm, process.skew = False, False, True, 0.0
            while process.resume_one():
                await self._clock.turns()
        await self._clock.advance(120)
        await self._calmly(self._people.lift_limits)
        began = self._clock.now
        until = began + CALM_SECONDS_MAX
        number = asked_plainly = 0
        asked_at = began
        while self._clock.now < until:
            number += 1
            books = await self._books()
            await self._round(self._processes[number % len(self._processes)], books)
            await self._settle()
            books = await self._books()
            if number % 5 == 0:
                await self._calmly(self._people.approve_all)
                await self._calmly(self._people.decide_cases)
            if books.all_over:
                break
            if self._clock.now > asked_at + PLAIN_EVERY_SECONDS and asked_plainly < PLAIN_REQUESTS_MAX:
                # The world goes on: what is wrong with one job shows when others pass.
                asked_at, asked_plainly = self._clock.now, asked_plainly + 1
                await self._calmly(self._people.ask_plainly)
            await self._clock.advance(self._seconds_to_next(books, self._clock.now - began))
        books = await self._books()
        self.result.states = Counter(str(job.state) for job in books.jobs.values())
        self._promises.check_end(books)
        await self._database.read(self._promises.check_counters)

    async def _round(self, process: Process, books: Books) -> None:
        """Step the loops of one process that may have something to do."""
        states = {job.state for job in books.jobs.values()}
        wanted = {
            "submitter": JobState.QUEUED in states,
            "reconciliation": bool(states & {JobState.SUBMITTING, JobState.UNKNOWN, JobState.UNRESOLVED}),
            "poller": bool(states & {JobState.RUNNING, JobState.UNRESOLVED}),
            "delivery": any(owed.done_at is None for owed in books.outbox.values()),
            "approvals": JobState.AWAITING in states,
            "notices": self._chance.random() < 0.1,
        }
        for name, useful in wanted.items():
            if useful:
                process.begin(name)
                await self._clock.advance(0.1)
                await self._clock.turns()

    def _seconds_to_next(self, books: Books, calm_for: float) -> float:
        """Return how long nothing is due. The longer it has been calm, the less often is looked."""
        due = [job.due_at for job in books.jobs.values() if job.due_at is not None]
        due += [owed.due_at for owed in books.outbox.values() if owed.done_at is None]
        if any(job.state is JobState.QUEUED for job in books.jobs.values()):
            due.append(self._clock.now + 150)
        soonest = min(due, default=self._clock.now + 600)
        return min(900.0, max(1.0, calm_for * LOOK_SHARE, soonest - self._clock.now + 0.5))
