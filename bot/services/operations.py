"""What moderators and owners do to the queue: pause and drain it, and decide about jobs that nobody else can."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.cases import Case
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.outcome import Outcome
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.renders import RenderReport, RenderState
from bot.domain.switches import WHOLE_BOT, Switch
from bot.engine.context import EngineContext
from bot.engine.owner_cases import end_case
from bot.engine.settlement import settle
from bot.storage import audit, cases, comparison_cards, job_cards, job_lists, jobs, renders, switches
from bot.storage.accounts import Account
from bot.storage.accounts import find as find_account

UNRESOLVED_SHOWN_MAX = 25
RENDERS_NAMED_MAX = 16
"""Renders of one request that an owner may name."""
QUEUE_LINES = 10
"""Jobs on a page of a guild's queue."""


class Resolution(StrEnum):
    """What an owner found out about an unresolved job, from the provider's own pages."""

    FOUND = "found"
    """The provider has it: its job ids are known, so it is asked about (again) and the video can still be posted."""
    PAID = "paid"
    """The provider charged for it, but the video cannot be had."""
    NOT_SENT = "not_sent"
    """It never arrived: it may be sent again."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """How a guild's queue, or the whole bot's, stands."""

    by_state: dict[JobState, int]
    paused: bool
    draining: bool


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A line of a queue: a job that has not ended, and what to expect of it."""

    job: Job
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a guild's queue, oldest request first. `number` counts from 0, of `count` pages."""

    state: QueueState
    lines: tuple[QueuedJob, ...]
    number: int
    count: int


class Operations:
    """Use cases of `/queue` and of the queue's part of `/owner`. Every change is in the audit log."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def switch(self, guild_id: int, switch: Switch, on: bool, actor_id: int) -> bool:
        """Pause, drain, or end either, for a guild or for WHOLE_BOT. Returns False if it was so already."""

        def write(conn: Connection) -> bool:
            now = self._context.clock()
            changed = switches.turn(conn, guild_id, switch, on, actor_id, now)
            if changed:
                audit.record(conn, guild_id, actor_id, AuditAction.TURN_SWITCH, {"switch": switch, "on": on}, now)
                job_cards.refresh_guild(conn, guild_id, now)
                comparison_cards.refresh_guild(conn, guild_id, now)
            return changed

        changed = await self._context.database.write(write)
        self._context.wake_events.submit.set()
        self._context.wake_events.cards.set()
        return changed

    async def queue_state(self, guild_id: int) -> QueueState:
        """Return how many jobs are in each state, in a guild or (WHOLE_BOT) everywhere, and which switches are on."""
        return await self._context.database.read(_queue_state, guild_id)

    async def queue_page(self, guild_id: int, number: int) -> QueuePage:
        """Return a page of a guild's queue, counted from 0. A page beyond the last one is the last one.

        The number of queries does not depend on the length of the queue.
        """

        def read(conn: Connection) -> tuple[QueueState, int, int, list[Job]]:
            state = _queue_state(conn, guild_id)
            count = max(1, -(-sum(state.by_state.values()) // QUEUE_LINES))
            shown = min(max(number, 0), count - 1)
            found = job_lists.open_of_guild(conn, guild_id, skipped=shown * QUEUE_LINES, limit=QUEUE_LINES)
            return state, shown, count, found

        state, shown, count, found = await self._context.database.read(read)
        forecasts = await self._context.forecasts.of_all(found)
        lines = tuple(QueuedJob(job, forecast) for job, forecast in zip(found, forecasts, strict=True))
        return QueuePage(state, lines, shown, count)

    async def account(self, account_id: int) -> Account:
        """Return the provider account as last heard of: its balance, and what holds it up."""
        return await self._context.database.read(find_account, account_id)

    async def unresolved(self) -> list[Case]:
        """Return the oldest jobs that wait for an owner's decision, each with the renders that could be its own."""
        return await self._context.database.read(cases.open_cases, UNRESOLVED_SHOWN_MAX)

    async def resolve(self, job_id: str, resolution: Resolution, actor_id: int, *remote_ids: str) -> Job:
        """Carry out an owner's decision about an unresolved job, and return the job as it was.

        `remote_ids` are the provider's job ids of all its renders, for FOUND. A decision can be corrected while nothing
        has followed from it: until the provider tells of a render that was named, and until the job is sent again.
        Raises NotPossible.
        """

        def write(conn: Connection) -> Job:
            job = jobs.find(conn, job_id)
            if job is None:
                raise NotPossible(Impossible.NOT_UNRESOLVED, job_id=job_id)
            try:
                self._carry_out(conn, job, resolution, actor_id, remote_ids)
            except jobs.StaleState:
                raise NotPossible(Impossible.NOT_UNRESOLVED, job_id=job_id) from None
            end_case(conn, job)
            data: JsonObject = {"job_id": job.id, "verdict": resolution}
            audit.record(conn, job.guild_id, actor_id, AuditAction.RESOLVE, data, self._context.clock())
            return job

        job = await self._context.database.write(write)
        self._context.wake_events.after_decision()
        return job

    def _carry_out(
        self, conn: Connection, job: Job, resolution: Resolution, actor_id: int, remote_ids: Sequence[str]
    ) -> None:
        now = self._context.clock()
        own = renders.of_jobs(conn, [job.id]).get(job.id, [])
        # What an owner named and the provider has not told of yet may be a slip of the pen: it can be corrected.
        only_named = all(render.state is RenderState.CLAIMED for render in own)
        named_before = job.state is JobState.RUNNING and bool(own) and only_named
        put_back_before = job.state is JobState.QUEUED and job.attempts > 0 and resolution is Resolution.FOUND
        if job.state is not JobState.UNRESOLVED and not named_before and not put_back_before:
            raise NotPossible(Impossible.NOT_UNRESOLVED, job_id=job.id)
        if named_before:
            detail = "an owner decides anew"
            jobs.transition(conn, job.id, job.state, JobState.UNRESOLVED, detail, now, actor_id=actor_id)
            job = replace(job, state=JobState.UNRESOLVED)
        match resolution:
            case Resolution.FOUND:
                self._name_renders(conn, job, own, remote_ids, only_named=only_named)
                jobs.transition(
                    conn, job.id, job.state, JobState.RUNNING, "found by an owner", now, actor_id=actor_id,
                    running_at=now, due_at=now,
                )  # fmt: skip
            case Resolution.PAID:
                outcome = Outcome(JobState.FAILED, job.held, "the provider charged for it but its video was lost")
                settle(conn, job, outcome, now, detail="an owner found it paid", actor_id=actor_id)
            case Resolution.NOT_SENT:
                if not only_named:
                    raise NotPossible(Impossible.WAS_ACCEPTED)
                renders.remove_claimed(conn, job.id)
                jobs.transition(
                    conn, job.id, job.state, JobState.QUEUED, "an owner found it not sent", now, actor_id=actor_id
                )

    @staticmethod
    def _name_renders(
        conn: Connection, job: Job, own: Sequence[RenderReport], remote_ids: Sequence[str], *, only_named: bool
    ) -> None:
        """Note the provider's ids that an owner found, in place of those that were named before."""
        if own and set(remote_ids) <= {render.remote_id for render in own} and not (remote_ids and only_named):
            return
        named = list(dict.fromkeys(remote_ids))
        usable = 0 < len(named) <= RENDERS_NAMED_MAX and all(renders.storable(one) for one in named)
        if not usable or not only_named or set(renders.owners(conn, named).values()) - {job.id}:
            raise NotPossible(Impossible.NOT_THE_PROVIDERS_ID)
        renders.remove_claimed(conn, job.id)
        renders.add(conn, job.id, named, RenderState.CLAIMED)


def _queue_state(conn: Connection, guild_id: int) -> QueueState:
    counted = job_lists.count_open(conn, None if guild_id == WHOLE_BOT else guild_id)
    on = switches.on(conn, guild_id)
    return QueueState(counted, Switch.PAUSED in on, Switch.DRAINING in on)
