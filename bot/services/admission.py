"""Accept a request: ONE transaction reads limits and usage, decides, holds the credits and writes the job.

The interaction's id is the request's key, so a repeated delivery of the same interaction changes nothing. The jobs of a
comparison are accepted in one transaction together, or none of them is; their key is the comparison's.
"""

import random
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.comparisons import Clip, Comparison, as_named, job_key, refusals_together, shuffled
from bot.domain.confirmation import asks_first
from bot.domain.forecast import Forecast
from bot.domain.jobs import JobState, new_job_id
from bot.domain.moderation import Bar, Stop
from bot.domain.pricing import estimate
from bot.domain.quota import GuildDefaults, Refusal, RefusalReason, decide
from bot.domain.request import validate
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.services.admission_request import AdmissionRequest, ComparisonRequest
from bot.services.admission_result import (
    Admitted,
    ComparisonAdmitted,
    ComparisonQuestion,
    ComparisonRefused,
    ConfirmationNeeded,
    Refused,
)
from bot.services.admission_steps import (
    AdmissionSteps,
    Opened,
    forbidden,
    new_job,
    note_upload_limit,
    settings_and_access,
    write_job,
)
from bot.services.reel_reading import put_coming
from bot.storage import comparisons, holds, jobs, lineage
from bot.storage.holds import Held

_OF_ONE = (RefusalReason.PRICE_MAX, RefusalReason.APPROVAL)
"""Refusals that one request's price earns, whatever the others cost."""


class Admission:
    """`admit()` and `admit_comparison()` are the only ways into the queue."""

    def __init__(
        self, context: EngineContext, defaults: GuildDefaults, *, account_credits_per_month: int | None = None
    ) -> None:
        self._context = context
        self._steps = AdmissionSteps(context, defaults, account_credits_per_month)
        self._chance = random.SystemRandom()

    async def admit(self, asked: AdmissionRequest) -> Admitted | ConfirmationNeeded | Refused:
        """Decide about a request. Raises only what the database raises: then nothing was accepted."""
        problems = validate(asked.request, asked.capability)
        if problems:
            return Refused(problems=problems)
        async with self._steps.gate(asked.guild_id):
            if await self._steps.is_kept_away(asked):
                return Refused(bar=Bar.AGE_RESTRICTED)
            stop = await self._steps.stop_of([asked])
            result = await self._context.database.write(self._admit, asked, new_job_id(), stop)
        failpoints.hit("admission.after_commit")
        if not isinstance(result, Admitted):
            self._wake_moderation(result)
            return result
        if not result.repeated:
            self._wake_work()
            if result.job.state is JobState.AWAITING:
                self._context.wake_events.approvals.set()
        [forecast] = await self._steps.forecasts([result.job])
        return replace(result, forecast=forecast)

    async def admit_comparison(
        self, asked: ComparisonRequest
    ) -> ComparisonAdmitted | ComparisonQuestion | ComparisonRefused:
        """Decide about a comparison: all of its requests are accepted, or none.

        The member is always asked first, because no other place shows the sum. Raises only what the database raises:
        then nothing was accepted.
        """
        for position, each in enumerate(asked.requests):
            if problems := validate(each.request, each.capability):
                return ComparisonRefused(Refused(problems=problems), 0, position)
        async with self._steps.gate(asked.first.guild_id):
            for position, each in enumerate(asked.requests):
                if await self._steps.is_kept_away(each):
                    return ComparisonRefused(Refused(bar=Bar.AGE_RESTRICTED), 0, position)
            stop = await self._steps.stop_of(asked.requests)
            result = await self._context.database.write(self._admit_comparison, asked, new_job_id(), stop)
        failpoints.hit("admission.after_commit")
        if not isinstance(result, ComparisonAdmitted):
            self._wake_moderation(result.refused if isinstance(result, ComparisonRefused) else result)
            return result
        if result.repeated:
            return result
        self._wake_work()
        return replace(result, forecasts=await self._steps.forecasts(result.jobs))

    def _wake_work(self) -> None:
        self._context.wake_events.submit.set()
        self._context.wake_events.cards.set()

    def _wake_moderation(self, result: object) -> None:
        if isinstance(result, Refused) and result.bar is Bar.WORDS:
            self._context.wake_events.incidents.set()

    def _admit(
        self, conn: Connection, asked: AdmissionRequest, job_id: str, stop: Stop | None
    ) -> Admitted | ConfirmationNeeded | Refused:
        opened = self._steps.open(conn, asked.guild_id)
        known = jobs.find_by_interaction(conn, asked.interaction_id)
        if known is not None:
            return Admitted(known, self._steps.quota(opened, asked).status, Forecast(), repeated=True)
        if (barred := self._steps.barred(opened, [asked], stop)) is not None:
            return barred
        settings, refused = settings_and_access(opened, asked)
        if refused is not None:
            return refused
        quota = self._steps.quota(opened, asked)
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
        state = JobState.AWAITING if held.awaits_approval else JobState.QUEUED
        job = new_job(job_id, asked, opened.account.id, price, opened.now, state)
        if asked.files and state is JobState.QUEUED:
            # The provider fetches them from the card, which stands in a moment: `job_files.let_send`.
            job = replace(job, due_at=opened.now + 2 * self._context.timings.answer_seconds)
        write_job(opened, settings, asked, job, self._reserved_until(opened, asked))
        note_upload_limit(opened, asked)
        if asked.reel_id is not None:
            put_coming(conn, asked.guild_id, asked.reel_id, job.id, asked.member_id, opened.now)
        failpoints.hit("admission.before_commit")
        parent = lineage.parent_of(conn, job)
        return Admitted(job, held.quota_status, Forecast(), repeated=False, parent=parent)

    def _admit_comparison(
        self, conn: Connection, asked: ComparisonRequest, comparison_id: str, stop: Stop | None
    ) -> ComparisonAdmitted | ComparisonQuestion | ComparisonRefused:
        first = asked.first
        opened = self._steps.open(conn, first.guild_id)
        known = comparisons.find_by_interaction(conn, first.interaction_id)
        if known is not None:
            return ComparisonAdmitted(known, as_named(comparisons.jobs_of(conn, known.id)), (), repeated=True)
        if (barred := self._steps.barred(opened, asked.requests, stop)) is not None:
            return ComparisonRefused(barred, 0)
        settings, _ = settings_and_access(opened, first)
        for position, each in enumerate(asked.requests):
            if (refused := forbidden(settings, each)) is not None:
                return ComparisonRefused(refused, 0, position)
        quota = self._steps.quota(opened, first)
        prices = tuple(estimate(each.capability, each.request) for each in asked.requests)
        amounts = [price.credits for price in prices]
        total = sum(amounts)
        if refusals := refusals_together(quota.status, amounts):
            return _refused(refusals, amounts)
        if asked.confirmed_credits is None or asked.confirmed_credits < total:
            return ComparisonQuestion(prices, quota.status)
        comparison = Comparison(
            comparison_id, first.interaction_id, first.guild_id, first.channel_id, first.member_id, opened.now
        )
        made = []
        for number, (each, price) in enumerate(zip(asked.requests, prices, strict=True)):
            job_id, keyed = new_job_id(), replace(each, interaction_id=job_key(first.interaction_id, number))
            job = new_job(job_id, keyed, opened.account.id, price, opened.now, JobState.QUEUED)
            made.append(replace(job, comparison_id=comparison.id))
            # Each hold is written on what the ones before it have left.
            held = holds.hold(conn, self._steps.quota(opened, first), job_id, job.model_slug, price.credits)
            if not isinstance(held, Held):
                raise RuntimeError("requests that fit together do not fit one after the other")
            write_job(opened, settings, each, made[-1], None)
        places = shuffled(len(made), self._chance)
        clips = [Clip(comparison.id, place, job.id, job.model_slug) for place, job in zip(places, made, strict=True)]
        comparisons.add(conn, comparison, clips, self._reserved_until(opened, first))
        note_upload_limit(opened, first)
        failpoints.hit("admission.before_commit")
        return ComparisonAdmitted(comparison, tuple(made), (), repeated=False)

    def _reserved_until(self, opened: Opened, asked: AdmissionRequest) -> float | None:
        """Return until when the card is left to the answer to the interaction."""
        return opened.now + self._context.timings.answer_seconds if asked.answers_with_card else None


def _refused(refusals: tuple[Refusal, ...], prices: list[int]) -> ComparisonRefused:
    """Return the refusal with what it is about: one request's price, or the sum."""
    of_one = tuple(refusal for refusal in refusals if refusal.reason in _OF_ONE)
    if of_one:
        highest = max(range(len(prices)), key=prices.__getitem__)
        return ComparisonRefused(Refused(refusals=of_one), prices[highest], highest)
    return ComparisonRefused(Refused(refusals=refusals), sum(prices))
