"""Accept a request: ONE transaction reads limits and usage, decides, holds the credits and writes the job.

The interaction's id is the request's key, so a repeated delivery of the same interaction changes nothing.
"""

import asyncio
import logging
from dataclasses import replace
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from bot.domain.access import AccessRefusal, access_refusals
from bot.domain.blocking import BlockedReason
from bot.domain.confirmation import asks_first
from bot.domain.fields import OptionKind, options_for
from bot.domain.forecast import Forecast
from bot.domain.guild_log import LogKind
from bot.domain.guild_settings import GuildSettings
from bot.domain.jobs import Job, JobState, new_job_id
from bot.domain.json_value import JsonObject
from bot.domain.moderation import Bar, IncidentKind, Stop
from bot.domain.pricing import Estimate, estimate
from bot.domain.quota import GuildDefaults, decide
from bot.domain.request import payload, validate
from bot.domain.switches import Switch
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.guilds import open_guild
from bot.services.admission_request import AdmissionRequest
from bot.services.admission_result import Admitted, ConfirmationNeeded, Outage, Refused
from bot.storage import (
    accounts,
    age_restricted,
    guild_log,
    guild_settings,
    holds,
    incidents,
    jobs,
    member_blocks,
    switches,
    upload_limits,
)
from bot.storage.accounts import Account
from bot.storage.counters import Payer
from bot.storage.holds import Held

log = logging.getLogger(__name__)


_REFUSING = {
    BlockedReason.UNAUTHORIZED: Outage.KEY_REFUSED,
    BlockedReason.FORBIDDEN: Outage.KEY_FORBIDDEN,
}


GUILD_ADMISSIONS_MAX = 4
"""Admissions of one guild at the same time. Each waits for the guild's lock with a connection of the pool: more would
leave none to the other guilds."""


class Admission:
    """`admit()` is the only way into the queue."""

    def __init__(
        self, context: EngineContext, defaults: GuildDefaults, *, account_credits_per_month: int | None = None
    ) -> None:
        self._context = context
        self._defaults = defaults
        self._account_bound = account_credits_per_month
        self._gates: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    async def admit(self, asked: AdmissionRequest) -> Admitted | ConfirmationNeeded | Refused:
        """Decide about a request. Raises only what the database raises: then nothing was accepted."""
        problems = validate(asked.request, asked.capability)
        if problems:
            return Refused(problems=problems)
        async with self._gate(asked.guild_id):
            result = await self._decide(asked)
        failpoints.hit("admission.after_commit")
        if not isinstance(result, Admitted):
            if isinstance(result, Refused) and result.bar is Bar.WORDS:
                self._context.wake_events.incidents.set()
            return result
        if not result.repeated:
            self._context.wake_events.submit.set()
            self._context.wake_events.cards.set()
            if result.job.state is JobState.AWAITING:
                self._context.wake_events.approvals.set()
        return replace(result, forecast=await self._forecast(result.job))

    async def _decide(self, asked: AdmissionRequest) -> Admitted | ConfirmationNeeded | Refused:
        """Decide about a request; what needs no lock is asked first."""
        database, slug = self._context.database, asked.request.model_slug
        if not asked.age_restricted_channel and await database.read(age_restricted.is_marked, slug):
            return Refused(bar=Bar.AGE_RESTRICTED)
        stop = await self._context.guards.check(asked.guild_id, _texts(asked))
        return await database.write(self._admit, asked, new_job_id(), stop)

    def _gate(self, guild_id: int) -> asyncio.Semaphore:
        gate = self._gates.get(guild_id)
        if gate is None:
            gate = self._gates[guild_id] = asyncio.Semaphore(GUILD_ADMISSIONS_MAX)
        return gate

    async def _forecast(self, job: Job) -> Forecast:
        """Foresee when an accepted job is ready, outside of the transaction that others wait for."""
        try:
            return await self._context.forecasts.of(job)
        except Exception:
            # The job is accepted all the same, and its card will say when it is ready.
            log.exception("an accepted job has no forecast", extra={"action": "admit", "job": job.id})
            return Forecast()

    def _admit(
        self, conn: Connection, asked: AdmissionRequest, job_id: str, stop: Stop | None
    ) -> Admitted | ConfirmationNeeded | Refused:
        now = self._context.clock()
        account = accounts.of_guild(conn, asked.guild_id)
        if self._account_bound is not None:
            accounts.lock_bound(conn, account.id)
        # From here on the guild is locked, so a second delivery of the same interaction waits for the first one.
        rules = open_guild(conn, asked.guild_id, self._defaults, now)
        known = jobs.find_by_interaction(conn, asked.interaction_id)
        if known is None and (barred := _barred(conn, asked, stop, now)) is not None:
            return barred
        if known is None and (outage := self._outage(conn, asked.guild_id, account, now)) is not None:
            return Refused(outage=outage)
        settings = guild_settings.settings_of(conn, asked.guild_id)
        if known is None and (forbidden := _forbidden(settings, asked)):
            return Refused(access=forbidden)
        payer = Payer(asked.guild_id, asked.member_id, account.id)
        quota = holds.read_quota(conn, rules, payer, asked.role_ids, now, account_bound=self._account_bound)
        if known is not None:
            return Admitted(known, quota.status, Forecast(), repeated=True)
        price = estimate(asked.capability, asked.request)
        agreed, shown = asked.confirmed_credits, asked.shown_credits
        asks = asks_first(quota.status, price.credits) or (shown is not None and price.credits > shown)
        if asks and (agreed is None or agreed < price.credits):
            split = decide(quota.status, price.credits)
            # Nobody is asked about what would be refused.
            return Refused(refusals=split) if isinstance(split, tuple) else ConfirmationNeeded(price, quota.status)
        held = holds.hold(conn, quota, job_id, asked.request.model_slug, price.credits)
        if not isinstance(held, Held):
            return Refused(refusals=held)
        job = _new_job(job_id, asked, account.id, price, now, awaits_approval=held.awaits_approval)
        reserved_until = now + self._context.timings.answer_seconds if asked.answers_with_card else None
        jobs.add(conn, job, reserved_until)
        if settings.log_channel is not None:
            guild_log.write(conn, job.guild_id, LogKind.REQUESTED, {"job_id": job.id}, now)
        if asked.upload_bytes_max is not None:
            upload_limits.note_stated(conn, asked.guild_id, asked.upload_bytes_max)
        failpoints.hit("admission.before_commit")
        return Admitted(job, held.quota_status, Forecast(), repeated=False)

    @staticmethod
    def _outage(conn: Connection, guild_id: int, account: Account, now: float) -> Outage | None:
        if (blocked := account.blocked_for(now)) in _REFUSING:
            return _REFUSING[blocked]
        return Outage.DRAINING if Switch.DRAINING in switches.on(conn, guild_id) else None


def _forbidden(settings: GuildSettings, asked: AdmissionRequest) -> tuple[AccessRefusal, ...]:
    channel_ids = (asked.channel_id, *asked.around_ids)
    slug, roles = asked.request.model_slug, asked.role_ids
    return access_refusals(settings, slug, channel_ids, roles, by_button=asked.by_button)


def _barred(conn: Connection, asked: AdmissionRequest, stop: Stop | None, now: float) -> Refused | None:
    """Return the refusal of a request that is not taken, whatever it costs. Moderators are told of stopped words."""
    block = member_blocks.of_member(conn, asked.guild_id, asked.member_id, now)
    if block is not None:
        return Refused(bar=Bar.BLOCKED, block=block)
    if stop is None:
        return None
    data: JsonObject = {
        "entry": stop.entry,
        "owners": stop.owners,
        "model": asked.capability.name,
        "text": "\n".join(_texts(asked)),
    }
    key = f"guard:{asked.interaction_id}"
    incidents.add(conn, key, asked.guild_id, IncidentKind.GUARD, asked.member_id, asked.channel_id, data, now)
    return Refused(bar=Bar.WORDS)


def _texts(asked: AdmissionRequest) -> list[str]:
    """Return everything that the member wrote."""
    values = asked.request.values
    written = [values.get(spec.name) for spec in options_for(asked.capability) if spec.kind is OptionKind.TEXT]
    return [text for text in written if isinstance(text, str)]


def _new_job(
    job_id: str, asked: AdmissionRequest, account_id: int, price: Estimate, now: float, *, awaits_approval: bool
) -> Job:
    return Job(
        id=job_id,
        interaction_id=asked.interaction_id,
        account_id=account_id,
        guild_id=asked.guild_id,
        channel_id=asked.channel_id,
        member_id=asked.member_id,
        model_slug=asked.request.model_slug,
        model_name=asked.capability.name,
        request=asked.request.to_json(),
        payload=payload(asked.request, asked.capability),
        state=JobState.AWAITING if awaits_approval else JobState.QUEUED,
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
