"""Accepting a request: ONE transaction reads limits and usage, decides, holds the credits and writes the job.

The interaction's id is the request's key, so a repeated delivery of the same interaction changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.capabilities import Capability
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState, new_job_id
from bot.domain.pricing import Estimate, estimate
from bot.domain.problems import Problem
from bot.domain.quota import QuotaStatus
from bot.domain.request import GenerationRequest, complete, payload, validate
from bot.domain.switches import Switch
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.forecast import forecast
from bot.storage import accounts, holds, jobs, switches, upload_limits
from bot.storage.guilds import ensure_guild, lock_guild
from bot.storage.holds import Denied, Hold

_REFUSING = {
    BlockedReason.UNAUTHORIZED: "the video provider does not accept this bot's API key",
    BlockedReason.FORBIDDEN: "the video provider does not let this bot's API key make videos",
}


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """A member's request, as it came from Discord. `confirmed`: the member has seen the price and said yes."""

    interaction_id: int
    guild_id: int
    channel_id: int
    member_id: int
    role_ids: Collection[int]
    capability: Capability
    request: GenerationRequest
    confirmed: bool = False
    upload_bytes_max: int | None = None
    """Bytes of the largest file that the guild takes, as the interaction named it; None where it did not."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The job exists and its credits are held. `quota_status` counts the hold already."""

    job: Job
    quota_status: QuotaStatus
    forecast: Forecast
    repeated: bool
    """The same interaction was delivered before; this is the job from then."""


@dataclass(frozen=True, slots=True)
class ConfirmationNeeded:
    """The guild wants this price confirmed first; nothing was written. Admit it again with `confirmed`."""

    price: Estimate
    quota_status: QuotaStatus


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written and nothing is charged. Exactly one of the three says why."""

    problems: tuple[Problem, ...] = ()
    """What is wrong with the request, option by option."""
    denied: Denied | None = None
    """Which limits it does not fit."""
    outage: str | None = None
    """Why nobody can make videos now, in plain words."""


class Admission:
    """`admit()` is the only way into the queue."""

    def __init__(self, context: EngineContext, default_guild_credits: int) -> None:
        self._context = context
        self._default_guild_credits = default_guild_credits

    async def admit(self, ask: AdmissionRequest) -> Admitted | ConfirmationNeeded | Refused:
        """Decide about a request. Raises only what the database raises: then nothing was accepted."""
        request = complete(ask.request, ask.capability)
        problems = validate(request, ask.capability)
        if problems:
            return Refused(problems=problems)
        result = await self._context.database.write(self._admit, ask, request, new_job_id())
        failpoints.hit("admission.after_commit")
        if isinstance(result, Admitted) and not result.repeated:
            self._context.wake_events.submit.set()
            self._context.wake_events.cards.set()
        return result

    def _admit(
        self, conn: Connection, ask: AdmissionRequest, request: GenerationRequest, job_id: str
    ) -> Admitted | ConfirmationNeeded | Refused:
        now = self._context.clock()
        ensure_guild(conn, ask.guild_id, self._default_guild_credits, now)
        account = accounts.find(conn, accounts.for_guild(conn, ask.guild_id))
        known = jobs.find_by_interaction(conn, ask.interaction_id)
        if known is None and account.blocked_reason in _REFUSING:
            return Refused(outage=_REFUSING[account.blocked_reason])
        if known is None and switches.applies(conn, ask.guild_id, Switch.DRAINING):
            return Refused(outage="no new videos are taken here at the moment; those that wait are still made")
        price = estimate(ask.capability, request)
        lock_guild(conn, ask.guild_id)
        quota_status = holds.quota_status(conn, ask.guild_id, ask.member_id, ask.role_ids, now, account_id=account.id)
        # Looked up again under the guild's lock: the first delivery may have been under way in another process.
        known = known or jobs.find_by_interaction(conn, ask.interaction_id)
        if known is not None:
            return Admitted(known, quota_status, forecast(conn, known, self._context.durations, now), repeated=True)
        if quota_status.rules.asks_confirmation(price.credits) and not ask.confirmed:
            return ConfirmationNeeded(price, quota_status)
        hold = Hold(
            job_id, ask.guild_id, ask.member_id, ask.role_ids, account.id, request.model_slug, price.credits, now
        )
        held = holds.hold(conn, hold)
        if isinstance(held, Denied):
            return Refused(denied=held)
        job = Job(
            id=job_id,
            interaction_id=ask.interaction_id,
            account_id=account.id,
            guild_id=ask.guild_id,
            channel_id=ask.channel_id,
            member_id=ask.member_id,
            model_slug=request.model_slug,
            model_name=ask.capability.name,
            request=request.to_json(),
            payload=payload(request, ask.capability),
            state=JobState.AWAITING if held.awaits_approval else JobState.QUEUED,
            held=price.credits,
            price_certain=price.certain,
            charged=None,
            reason=None,
            created_at=now,
            attempt_at=None,
            running_at=None,
            ended_at=None,
            attempts=0,
            due_at=None,
            status_message_id=None,
        )
        jobs.add(conn, job)
        if ask.upload_bytes_max is not None:
            upload_limits.note_stated(conn, ask.guild_id, ask.upload_bytes_max)
        failpoints.hit("admission.before_commit")
        return Admitted(job, held.quota_status, forecast(conn, job, self._context.durations, now), repeated=False)
