"""What single requests and comparisons go through alike before credits are held, and what is written for each job."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from bot.domain.access import access_refusals
from bot.domain.blocking import BlockedReason
from bot.domain.fields import OptionKind, options_for
from bot.domain.forecast import Forecast
from bot.domain.guild_log import LogKind
from bot.domain.guild_settings import GuildSettings
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.moderation import Bar, IncidentKind, Stop
from bot.domain.pricing import Estimate
from bot.domain.quota import GuildDefaults, Rules
from bot.domain.request import payload
from bot.domain.switches import Switch
from bot.engine.context import EngineContext
from bot.engine.guilds import open_guild
from bot.services.admission_request import AdmissionRequest
from bot.services.admission_result import Outage, Refused
from bot.storage import (
    accounts,
    age_restricted,
    guild_log,
    guild_settings,
    holds,
    incidents,
    job_files,
    jobs,
    member_blocks,
    switches,
    upload_limits,
)
from bot.storage.accounts import Account
from bot.storage.counters import Payer
from bot.storage.holds import Quota

log = logging.getLogger(__name__)

GUILD_ADMISSIONS_MAX = 4
"""Admissions of one guild at the same time. Each waits for the guild's lock with a connection of the pool: more would
leave none to the other guilds."""

_REFUSING = {
    BlockedReason.UNAUTHORIZED: Outage.KEY_REFUSED,
    BlockedReason.FORBIDDEN: Outage.KEY_FORBIDDEN,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A transaction that decides about requests of one guild, whose lock it has."""

    conn: Connection
    now: float
    account: Account
    rules: Rules


class AdmissionSteps:
    """The steps, over one engine context. Those with an `Opened` run inside of the caller's write transaction."""

    def __init__(self, context: EngineContext, defaults: GuildDefaults, account_bound: int | None) -> None:
        self._context = context
        self._defaults = defaults
        self._account_bound = account_bound
        self._gates: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    def gate(self, guild_id: int) -> asyncio.Semaphore:
        """Return what lets only some admissions of a guild go on at the same time."""
        gate = self._gates.get(guild_id)
        if gate is None:
            gate = self._gates[guild_id] = asyncio.Semaphore(GUILD_ADMISSIONS_MAX)
        return gate

    async def is_kept_away(self, asked: AdmissionRequest) -> bool:
        """Return whether the model, or the clip that is continued, may not be used in this channel.

        Asked before any lock.
        """
        if asked.age_restricted_channel:
            return False
        return await self._context.database.read(_is_age_restricted, asked)

    async def stop_of(self, asked: Sequence[AdmissionRequest]) -> Stop | None:
        """Return what the word lists say of everything that the member wrote. Asked before any lock."""
        return await self._context.guards.check(asked[0].guild_id, texts(asked))

    def open(self, conn: Connection, guild_id: int) -> Opened:
        """Lock what decides about a guild's requests: a second delivery of the same interaction waits for the first."""
        now = self._context.clock()
        account = accounts.of_guild(conn, guild_id)
        if self._account_bound is not None:
            accounts.lock_bound(conn, account.id)
        return Opened(conn, now, account, open_guild(conn, guild_id, self._defaults, now))

    def barred(self, opened: Opened, asked: Sequence[AdmissionRequest], stop: Stop | None) -> Refused | None:
        """Return the refusal of what is not taken at the moment, whatever it costs."""
        barred = _barred(opened.conn, asked, stop, opened.now)
        if barred is not None:
            return barred
        outage = _outage(opened.conn, asked[0].guild_id, opened.account, opened.now)
        return Refused(outage=outage) if outage is not None else None

    def quota(self, opened: Opened, asked: AdmissionRequest) -> Quota:
        """Read what the member may spend now."""
        payer = Payer(asked.guild_id, asked.member_id, opened.account.id)
        bound = self._account_bound
        return holds.read_quota(opened.conn, opened.rules, payer, asked.role_ids, opened.now, account_bound=bound)

    async def forecasts(self, of: Sequence[Job]) -> tuple[Forecast, ...]:
        """Foresee when accepted jobs are ready, outside of the transaction that others wait for."""
        try:
            return tuple(await self._context.forecasts.of_all(of))
        except Exception:
            # The jobs are accepted all the same, and their card will say when they are ready.
            log.exception("accepted jobs have no forecast", extra={"action": "admit", "job": of[0].id})
            return tuple(Forecast() for _ in of)


def settings_and_access(opened: Opened, asked: AdmissionRequest) -> tuple[GuildSettings, Refused | None]:
    """Return the guild's settings, and the refusal of what they do not allow."""
    settings = guild_settings.settings_of(opened.conn, asked.guild_id)
    return settings, forbidden(settings, asked)


def forbidden(settings: GuildSettings, asked: AdmissionRequest) -> Refused | None:
    """Return the refusal of what a guild's settings do not allow."""
    channel_ids = (asked.channel_id, *asked.around_ids)
    slug, roles = asked.request.model_slug, asked.role_ids
    refusals = access_refusals(settings, slug, channel_ids, roles, by_button=asked.by_button)
    return Refused(access=refusals) if refusals else None


def write_job(
    opened: Opened, settings: GuildSettings, asked: AdmissionRequest, job: Job, card_reserved_until: float | None
) -> None:
    """Write an accepted job, whose credits are held, and have the moderators know."""
    jobs.add(opened.conn, job, card_reserved_until)
    job_files.add(opened.conn, job.id, asked.files)
    if settings.log_channel is not None:
        guild_log.write(opened.conn, job.guild_id, LogKind.REQUESTED, {"job_id": job.id}, opened.now)


def note_upload_limit(opened: Opened, asked: AdmissionRequest) -> None:
    """Note how large a file the guild takes, as the interaction named it."""
    if asked.upload_bytes_max is not None:
        upload_limits.note_stated(opened.conn, asked.guild_id, asked.upload_bytes_max)


def new_job(job_id: str, asked: AdmissionRequest, account_id: int, price: Estimate, now: float, state: JobState) -> Job:
    """Return the job of an accepted request."""
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
        state=state,
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
        parent_id=asked.parent.job_id if asked.parent else None,
        parent_position=asked.parent.position if asked.parent else None,
    )


def texts(asked: Sequence[AdmissionRequest]) -> list[str]:
    """Return everything that the member wrote, and each whole prompt into which a style puts it, each text once."""
    written = [
        each.request.values.get(spec.name)
        for each in asked
        for spec in options_for(each.capability)
        if spec.kind is OptionKind.TEXT
    ]
    written += [each.request.whole_prompt for each in asked if each.request.style is not None]
    return list(dict.fromkeys(text for text in written if isinstance(text, str)))


def _barred(conn: Connection, asked: Sequence[AdmissionRequest], stop: Stop | None, now: float) -> Refused | None:
    """Return the refusal of a request that is not taken, whatever it costs. Moderators are told of stopped words."""
    first = asked[0]
    block = member_blocks.of_member(conn, first.guild_id, first.member_id, now)
    if block is not None:
        return Refused(bar=Bar.BLOCKED, block=block)
    if stop is None:
        return None
    data: JsonObject = {
        "entry": stop.entry,
        "owners": stop.owners,
        "model": ", ".join(each.capability.name for each in asked),
        "text": "\n".join(texts(asked)),
    }
    key = f"guard:{first.interaction_id}"
    incidents.add(conn, key, first.guild_id, IncidentKind.GUARD, first.member_id, first.channel_id, data, now)
    return Refused(bar=Bar.WORDS)


def _is_age_restricted(conn: Connection, asked: AdmissionRequest) -> bool:
    if age_restricted.is_marked(conn, asked.request.model_slug):
        return True
    return asked.parent is not None and age_restricted.is_restricted(conn, asked.parent.job_id)


def _outage(conn: Connection, guild_id: int, account: Account, now: float) -> Outage | None:
    if (blocked := account.blocked_for(now)) in _REFUSING:
        return _REFUSING[blocked]
    return Outage.DRAINING if Switch.DRAINING in switches.on(conn, guild_id) else None
