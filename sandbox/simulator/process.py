"""One simulated bot process: the engine's real parts, which can be paused, suspended and killed at any await."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.domain.privacy import Policy
from bot.domain.quota import GuildDefaults
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.media.fitting import Fitter
from bot.services.admission import Admission
from bot.services.approvals import Approvals
from bot.services.credits import CreditsService
from bot.services.jobs import JobsService
from bot.services.operations import Operations
from bot.services.privacy import Privacy
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.workers.approval_cards import ApprovalCardsWorker
from bot.workers.cards import Cards
from bot.workers.delivery import Delivery
from bot.workers.erasures import Erasures
from bot.workers.housekeeping import Housekeeping
from bot.workers.owner_notices import OwnerNotices
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.result_files import ResultFiles
from bot.workers.submitter import Submitter
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.database import ProcessDatabase
from sandbox.simulator.discord import SimulatedDiscord, SimulatedDownloads
from sandbox.simulator.story import Story
from sandbox.simulator.tasks import OWNER
from sandbox.simulator.wire import Wire, simulated_client

PAUSE_SHARE = 0.1
"""Share of the awaits at which a process is overtaken by the others."""
TASKS = ("submit:", "deliver:")
"""Beginnings of the names of tasks that outlive a step. They must not fail, just as steps must not."""
DEFAULTS = GuildDefaults(credits=1_000_000)
"""What a guild may do unless the history sets something else."""


class Process:
    """A bot process. `skew` is how many seconds its clock is ahead of the others'."""

    def __init__(
        self,
        name: str,
        database: Database,
        clock: SimulatedClock,
        wire: Wire,
        discord: SimulatedDiscord,
        chance: random.Random,
        story: Story,
        skew: float,
    ) -> None:
        self.name = name
        self.skew = skew
        self.dead = self.suspended = False
        self.calm = False
        """Whether it goes on without pauses."""
        self.dies_after_commit = False
        self.failures: list[tuple[str, Exception]] = []
        """What its tasks and steps raised, oldest first."""
        self._clock = clock
        self._chance = chance
        self._story = story
        self._paused: list[tuple[str, asyncio.Future[None]]] = []
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._stepping: dict[str, asyncio.Task[Any]] = {}
        context = EngineContext(
            database=ProcessDatabase(database, self),
            clock=self.time,
            steady=lambda: clock.now,
            timings=EngineTimings(),
            providers={OWNER_ACCOUNT: simulated_client(wire, self.time)},
            worker_id=name,
            durations=ModelDurations(database),
        )
        self.context = context
        self.admission = Admission(context, DEFAULTS)
        self.jobs = JobsService(context)
        self.operations = Operations(context)
        self.privacy = Privacy(context, Policy())
        self.approvals = Approvals(context)
        self.credits = CreditsService(context.database, self.time, DEFAULTS)
        submitter = Submitter(context, discord)
        downloads = SimulatedDownloads(discord, chance)
        self.loops: dict[str, Callable[[], Awaitable[float]]] = {
            "submitter": submitter.step,
            "reconciliation": Reconciliation(context).step,
            "poller": Poller(context).step,
            "delivery": Delivery(context, discord, ResultFiles(context, downloads, Fitter())).step,
            "cards": Cards(context, discord).step,
            "approvals": ApprovalCardsWorker(context, discord).step,
            "notices": OwnerNotices(context, discord).step,
            "housekeeping": Housekeeping(context).step,
            "erasures": Erasures(context, discord).step,
        }

    def time(self) -> float:
        """Return the moment on this process's own clock."""
        return self._clock.now + self._clock.ahead + self.skew

    @property
    def paused(self) -> int:
        """How many of its tasks wait to go on."""
        return len(self._paused)

    def begin(self, name: str) -> bool:
        """Begin a step of one loop. Returns False if that loop is in the middle of a step."""
        if name in self._stepping:
            return False
        task = self.run(self.loops[name], f"{self.name} {name}")
        self._stepping[name] = task
        task.add_done_callback(lambda _: self._stepping.pop(name, None))
        return True

    def run(self, work: Callable[[], Awaitable[Any]], name: str) -> asyncio.Task[Any]:
        """Run something in this process."""
        token = OWNER.set(self)
        try:
            return asyncio.get_running_loop().create_task(_call(work), name=name)
        finally:
            OWNER.reset(token)

    async def pause(self, where: str) -> None:
        """Let others overtake now and then; wait while suspended. Raises CancelledError once the process is dead."""
        if not self.dead and (self.suspended or (not self.calm and self._chance.random() < PAUSE_SHARE)):
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            entry = (where, waiting)
            self._paused.append(entry)
            try:
                await waiting
            finally:
                if entry in self._paused:
                    self._paused.remove(entry)
        if self.dead:
            raise asyncio.CancelledError

    def committed(self) -> None:
        """Die here if that was planned. Raises CancelledError then."""
        if self.dies_after_commit:
            self.kill("after a commit")
        if self.dead:
            raise asyncio.CancelledError

    def resume_one(self) -> bool:
        """Let one of the paused tasks go on. Returns False if none is paused or the process is suspended."""
        if self.suspended or not self._paused:
            return False
        _, waiting = self._paused.pop(self._chance.randrange(len(self._paused)))
        if not waiting.done():
            waiting.set_result(None)
        return True

    def kill(self, when: str) -> None:
        """Cut the power: no task of the process goes on. What it has sent is on its way nevertheless."""
        if self.dead:
            return
        self.dead = True
        self._story.tell(self.name, f"is killed {when}")
        current = asyncio.current_task()
        for task in list(self._tasks):
            if task is not current:
                task.cancel()

    async def wrapped(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run one task of the process: it may begin late, and what it raises is noted."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a task runs outside any task")
        self._tasks[task] = None
        try:
            await self.pause("before a task begins")
            return await work
        except Exception as error:
            if task.get_name().startswith((self.name, *TASKS)):
                self.failures.append((task.get_name(), error))
            raise
        finally:
            del self._tasks[task]


async def _call(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()
