"""When jobs start and are ready: one look ahead for each account, shared by all who ask at about the same time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.clock import Clock
from bot.domain.dispatch import Budget, Log
from bot.domain.fairness import Tags, Waiting
from bot.domain.forecast import Forecast, HeldUp, Outlook, look_ahead
from bot.domain.jobs import Job, JobState
from bot.domain.switches import Switch
from bot.engine.durations import ModelDurations
from bot.storage import accounts, queue, switches
from bot.storage.database import Database

STANDS_SECONDS = 1.0
"""Seconds for which a look ahead stands for the jobs that it shows."""
STANDS_FACTOR = 20.0
"""A look ahead stands at least this many times as long as it took: looking costs at most a twentieth of a core."""
COSTLY_SECONDS = 0.25
"""A look ahead that took longer is not repeated for each later job: such a job has no forecast at first."""


@dataclass(frozen=True, slots=True)
class _Queue:
    """What a look ahead needs to know of an account."""

    waiting: Sequence[Waiting]
    tags: Tags
    log: Log
    budget: Budget


@dataclass(frozen=True, slots=True)
class _Look:
    """A look ahead: when it began (on the monotonic clock) and how many seconds it took."""

    outlook: Outlook
    began: float
    took: float


class Forecasts:
    """Foresee jobs. The cost of an answer does not depend on the length of the queue."""

    def __init__(self, database: Database, clock: Clock, durations: ModelDurations) -> None:
        self._database = database
        self._clock = clock
        self._durations = durations
        self._looks: dict[int, _Look] = {}
        self._looking = asyncio.Lock()

    async def of(self, job: Job) -> Forecast:
        """Return the forecast of one job. A job that is neither queued nor running has an empty one."""
        typical = self._durations.of(job.model_slug).median
        if job.state is JobState.RUNNING and job.running_at is not None:
            return Forecast(None, job.running_at, job.running_at + typical)
        if job.state is not JobState.QUEUED:
            return Forecast()
        held_up, ahead_of_own = await self._database.read(_look_at, job, self._clock())
        if held_up is not None:
            return Forecast(held_up=held_up)
        outlook = await self._outlook(job.account_id, job.created_at)
        return outlook.forecast(job.guild_id, job.member_id, ahead_of_own, typical)

    async def _outlook(self, account_id: int, job_created_at: float) -> Outlook:
        async with self._looking:
            look = self._looks.get(account_id)
            if look is not None and self._stands(look, job_created_at):
                return look.outlook
            began = time.monotonic()
            now = self._clock()
            seen = await self._database.read(_read_queue, account_id, now)
            outlook = await asyncio.to_thread(look_ahead, seen.waiting, seen.tags, seen.log, seen.budget, now)
            self._looks[account_id] = _Look(outlook, began, time.monotonic() - began)
            return outlook

    def _stands(self, look: _Look, job_created_at: float) -> bool:
        stands_seconds = max(STANDS_SECONDS, STANDS_FACTOR * look.took)
        age = max(time.monotonic() - look.began, self._clock() - look.outlook.seen_at)
        shows_job = look.outlook.seen_at >= job_created_at
        return age < stands_seconds and (shows_job or look.took > COSTLY_SECONDS)


def _read_queue(conn: Connection, account_id: int, now: float) -> _Queue:
    account = accounts.find(conn, account_id)
    waiting = queue.waiting(conn, account, now)
    log = Log(queue.post_log(conn, account_id, now))
    return _Queue(waiting, queue.tags(conn, account), log, queue.budget(conn, account, waiting, now))


def _look_at(conn: Connection, job: Job, now: float) -> tuple[HeldUp | None, int]:
    """Return what holds the job up, if anything does, and the member's own jobs before it."""
    if Switch.PAUSED in switches.on(conn, job.guild_id):
        return HeldUp.PAUSED, 0
    account = accounts.find(conn, job.account_id)
    reason, affordable = account.blocked_for(now), account.affordable_now(now)
    if reason is None or (affordable is not None and job.held <= affordable):
        return None, queue.ahead_of_own(conn, job)
    return (HeldUp.NO_CREDITS if reason is BlockedReason.NO_CREDITS else HeldUp.REFUSED), 0
