"""One history: a seeded scheduler lets processes, people and mishaps act in random order, then all calms down."""

import asyncio

from bot.storage import accounts
from sandbox.simulator.calm import calm_down, warm_up
from sandbox.simulator.provider import POSTS_PER_HOUR
from sandbox.simulator.story import Violation
from sandbox.simulator.tasks import task_factory
from sandbox.simulator.world import OpenDatabase, World

EVENTS = 160
"""Things that happen before everything calms down."""
BUSY_LOOPS = ("submitter", "reconciliation", "poller", "delivery")
"""Loops that are stepped more often than the others."""
JUMPS = (-7200.0, 7200.0, 86_400.0)
"""Seconds by which the time of day is wrong for a while."""


class History(World):
    """The scheduler."""

    async def run(self, open_database: OpenDatabase) -> None:
        """Let everything happen, then calm down, and note what was broken first."""
        self.database = await open_database()
        self.clock.under_way = self.database.under_way
        asyncio.get_running_loop().set_task_factory(task_factory)
        try:
            await self.database.write(accounts.set_hourly_posts, POSTS_PER_HOUR)
            for _ in range(self.dials.processes):
                await self.start_process()
            await self.calmly(self.people.prepare)
            if self.dials.warm:
                await warm_up(self)
            for _ in range(self.dials.crowd):
                await self.calmly(self.people.ask_plainly)
            for _ in range(EVENTS):
                await self._event()
                await self.settle()
            await calm_down(self)
        except Violation as violation:
            self.result.violation = violation
            self.story.tell("promises", str(violation))
        finally:
            for process in self.processes:
                process.kill("at the end")
            await self.clock.turns()
            for left in asyncio.all_tasks() - {asyncio.current_task()}:
                left.cancel()
            await self.clock.turns()
            self.result.renders = len(self.provider.renders)
            await self.database.close()

    # -- what happens -------------------------------------------------------------------------------------------------

    async def _event(self) -> None:
        """Let one thing happen."""
        kind = self.chance.choices(
            ("step", "round", "resume", "time", "ask", "cancel", "moderate", "mishap", "foreign"),
            (30, 14, 25, 18, 9, 2, 4, 6, 1),
        )[0]
        await getattr(self, f"_do_{kind}")()
        await self.clock.turns()

    async def _do_step(self) -> None:
        process = self.chance.choice(self.processes)
        name = self.chance.choice((*BUSY_LOOPS, *BUSY_LOOPS, *process.loops))
        if not process.suspended and process.begin(name):
            self.result.steps += 1

    async def _do_round(self) -> None:
        process = self.chance.choice(self.processes)
        for name in self.chance.sample(BUSY_LOOPS, len(BUSY_LOOPS)):
            if not process.suspended and process.begin(name):
                self.result.steps += 1
                await self.clock.turns()

    async def _do_resume(self) -> None:
        for process in self.chance.sample(self.processes, len(self.processes)):
            if process.resume_one():
                return

    async def _do_time(self) -> None:
        await self.clock.advance(self.chance.choice((0.1, 1, 3, 10, 30, 60, 150, 400, 900)))

    async def _do_ask(self) -> None:
        self.act(self.people.ask, "a member asks")

    async def _do_cancel(self) -> None:
        if self.people.jobs:
            self.act(self.people.cancel, "a member cancels")

    async def _do_moderate(self) -> None:
        self.act(self.people.moderate, "a moderator acts")

    async def _do_foreign(self) -> None:
        if self.chance.random() < self.dials.foreign * 10:
            asked = self.people.requests
            prompt = self.chance.choice(asked).request.values["prompt"] if asked else "somebody else's"
            self.provider.make({"model_slug": "veo31_fast", "prompt": prompt}, None)

    async def _do_mishap(self) -> None:
        process = self.chance.choice(self.processes)
        match self.chance.randrange(10):
            case 0:
                process.kill("at some moment")
            case 1:
                process.dies_after_commit = True
            case 2 | 3:
                process.suspended = not process.suspended
                self.story.tell(process.name, "is suspended" if process.suspended else "goes on")
            case 4:
                self.provider.refusing = None if self.provider.refusing else self.chance.choice((401, 403))
                self.story.tell("provider", f"refuses the key: {self.provider.refusing}")
            case 5:
                self.discord.away = not self.discord.away
            case 6 if self.dials.clock_jumps:
                self.clock.set_ahead(self.chance.choice((*JUMPS, 0.0)))
                self.story.tell("clock", f"is {self.clock.ahead:.0f} s off")
            case 7:
                self.act(self.people.decide_cases, "the owner decides")
            case 8:
                self.provider.balance += 500
            case 9:
                self.act(self.people.erase, "a member is erased")
        await self.clock.turns()
        await self.replace_dead()
