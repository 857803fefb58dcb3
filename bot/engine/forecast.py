"""When jobs start and are ready: one look ahead for each account, shared by all who ask at about the same time."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.approvals import APPROVAL_SECONDS
from bot.domain.blocking import BlockedReason
from bot.domain.clock import Clock
from bot.domain.dispatch import Budget, Log
from bot.domain.fairness import Tags, Waiting
from bot.domain.forecast import Forecast, HeldUp, Outlook, look_ahead, of_queued, of_sent
from bot.domain.jobs import Job, JobState, by_account
from bot.domain.switches import WHOLE_BOT, Switch
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
class _Seen:
    """What is to be known of single queued jobs, by their ids."""

    held_up: Mapping[str, HeldUp]
    ahead_of_own: Mapping[str, int]


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
        """Return the forecast of one job. A job that nobody can foresee has an empty one."""
        [forecast] = await self.of_all([job])
        return forecast

    async def of_all(self, jobs: Sequence[Job]) -> list[Forecast]:
        """Return the forecasts of jobs, in their order. The number of queries does not depend on their number."""
        now = self._clock()
        queued = [job for job in jobs if job.state is JobState.QUEUED]
        seen = await self._database.read(_look_at, queued, now) if queued else _Seen({}, {})
        in_turn = [job for job in queued if job.id not in seen.held_up and not _waits_alone(job, now)]
        outlooks = {
            account_id: await self._outlook(account_id, max(job.created_at for job in of_account))
            for account_id, of_account in by_account(in_turn).items()
        }
        return [self._forecast(job, seen, outlooks, now) for job in jobs]

    def _forecast(self, job: Job, seen: _Seen, outlooks: Mapping[int, Outlook], now: float) -> Forecast:
        durations = self._durations.of(job.model_slug)
        match job.state:
            case JobState.RUNNING if job.running_at is not None:
                return of_sent(job.running_at, durations, now, is_starting=False)
            case JobState.SUBMITTING:
                return of_sent(job.attempt_at or now, durations, now, is_starting=True)
            case JobState.QUEUED:
                ahead = seen.ahead_of_own.get(job.id, 0)
                if (held_up := seen.held_up.get(job.id)) is not None:
                    return Forecast(held_up=held_up, ahead_of_own=ahead)
                if job.due_at is not None and _waits_alone(job, now):
                    return of_queued(job.due_at, durations, now, ahead_of_own=ahead)
                return outlooks[job.account_id].forecast(job.guild_id, job.member_id, ahead, durations, now)
            case JobState.AWAITING:
                return Forecast(decided_by=job.created_at + APPROVAL_SECONDS)
            case _:
                return Forecast()

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


def _look_at(conn: Connection, queued: Sequence[Job], now: float) -> _Seen:
    paused = switches.guilds_with(conn, Switch.PAUSED)
    of_accounts = {account_id: accounts.find(conn, account_id) for account_id in by_account(queued)}
    held_up = {}
    for job in queued:
        if not paused.isdisjoint({job.guild_id, WHOLE_BOT}):
            held_up[job.id] = HeldUp.PAUSED
        elif (reason := _refuses(of_accounts[job.account_id], job, now)) is not None:
            held_up[job.id] = reason
    return _Seen(held_up, queue.ahead_of_own(conn, [job.id for job in queued]))


def _refuses(account: accounts.Account, job: Job, now: float) -> HeldUp | None:
    """Return why the provider makes nothing for the job at the moment; None where nothing is known to stop it."""
    reason, affordable = account.blocked_for(now), account.affordable_now(now)
    if reason is None or (affordable is not None and job.held <= affordable):
        return None
    return HeldUp.NO_CREDITS if reason is BlockedReason.NO_CREDITS else HeldUp.REFUSED


def _waits_alone(job: Job, now: float) -> bool:
    """Tell whether a queued job was refused alone, and is tried again only at its due time."""
    return job.due_at is not None and job.due_at > now
