"""At most 24 POSTs arrive in any 3,605 seconds, however long each travels and in whichever order they arrive."""

import heapq
import random
from itertools import count
from typing import Any

import pytest

from bot.domain.jobs import Job
from bot.engine import acceptance
from bot.storage import queue
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio import errors
from bot.studio.protocol import Accepted
from bot.workers.reconciliation import take_over
from bot.workers.refusals import Refusals
from bot.workers.submitter import POSTS_IN_FLIGHT_MAX
from tests.support.bench import Bench

HOUR_SECONDS, POSTS_MAX = 3605.0, 24
JOBS = 90
CONNECT_SECONDS_MAX, ANSWER_SECONDS_MAX = 10.0, 50.0


class Traffic:
    """Claims, fences, arrivals and answers of many POSTs on a clock of their own, through the real statements."""

    def __init__(self, engine: Bench, chance: random.Random) -> None:
        self.engine = engine
        self.chance = chance
        self.now = engine.context.clock()
        engine.context.clock = lambda: self.now
        self.refusals = Refusals(engine.context)
        self.arrived: list[float] = []
        self.in_flight = 0
        self._due: list[tuple[float, int, Any, Any]] = []
        self._numbers = count()

    def after(self, seconds: float, happen: Any, job: Job) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._numbers), happen, job))

    async def run(self) -> None:
        """Go on until every request has left and was answered."""
        database, timings = self.engine.database, self.engine.context.timings
        while True:
            wait = 5.0
            while self.in_flight < POSTS_IN_FLIGHT_MAX:
                await database.write(take_over, self.now)
                claim = await database.write(queue.claim, OWNER_ACCOUNT, "one", timings.lease_seconds, self.now)
                if claim.job is None:
                    wait = max(0.01, min(300.0, (claim.look_again_at or self.now + 5.0) - self.now))
                    break
                self.in_flight += 1
                self.after(self.chance.uniform(0, timings.claim_seconds_max), self.leave, claim.job)
            if not self._due and len(self.arrived) >= JOBS:
                return
            until = self.now + wait
            while self._due and self._due[0][0] <= until:
                self.now, _, happen, job = heapq.heappop(self._due)
                await happen(job)
                until = min(until, self.now + 0.01)
            self.now = max(self.now, until)

    async def leave(self, claimed: Job) -> None:
        timings = self.engine.context.timings
        job = await self.engine.database.write(
            queue.fence, claimed, "one", timings.lease_seconds, timings.claim_seconds_max, self.now
        )
        assert job is not None
        # Between the fence and the POST a process may be stopped for a while as well.
        stopped = self.chance.choice((0.0, self.chance.uniform(0, timings.claim_seconds_max)))
        travel = stopped + self.chance.choice((0.01, self.chance.uniform(0, CONNECT_SECONDS_MAX), CONNECT_SECONDS_MAX))
        self.after(travel, self.arrive, job)

    async def arrive(self, job: Job) -> None:
        self.arrived.append(self.now)
        self.after(self.chance.choice((0.0, self.chance.uniform(0, ANSWER_SECONDS_MAX))), self.answer, job)

    async def answer(self, job: Job) -> None:
        self.in_flight -= 1
        database = self.engine.database
        match self.chance.randrange(4):
            case 0:
                await database.write(self.refusals.note, job, errors.Interrupted("nothing was heard"))
            case 1:
                pass  # its sender died: it is taken over when its lease ends
            case _:
                await database.write(acceptance.accept, self.engine.context, job.id, Accepted((f"r-{job.id}",)))


@pytest.mark.parametrize("seed", range(3))
async def test_no_hour_sees_more_posts_arrive_than_the_provider_allows(engine: Bench, seed: int) -> None:
    for number in range(JOBS):
        await engine.ask(f"number {number}", member=5000 + number, guild=1 + number % 2)
    traffic = Traffic(engine, random.Random(seed))
    await traffic.run()
    arrived = sorted(traffic.arrived)
    assert len(arrived) == JOBS
    for first, beyond in zip(arrived, arrived[POSTS_MAX:], strict=False):
        assert beyond - first >= HOUR_SECONDS
    # And the limit is made use of: it would take 2.75 hours without any loss.
    assert arrived[-1] - arrived[0] < 3.3 * HOUR_SECONDS
