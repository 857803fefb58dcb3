"""What people read of comparisons, from plain facts without English words."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import discord

from bot.discord_ui.views import (
    comparison_card,
    comparison_details,
    comparison_message,
    comparison_words,
    models_page,
)
from bot.domain.access import AccessReason, AccessRefusal
from bot.domain.comparisons import Clip, Comparison, Standing
from bot.domain.durations import Durations
from bot.domain.forecast import Forecast
from bot.domain.jobs import JobState
from bot.domain.moderation import Bar
from bot.domain.pricing import Estimate
from bot.domain.quota import QuotaStatus, Refusal, RefusalReason, Rules
from bot.domain.request import GenerationRequest
from bot.engine.comparison_notifier import ComparedClip, ComparisonClosing
from bot.engine.comparison_notifier import comparison_card as card_of
from bot.engine.notifier import Result, Unattached
from bot.services.admission_request import AdmissionRequest, ComparisonRequest
from bot.services.admission_result import ComparisonQuestion, ComparisonRefused, Refused
from bot.services.comparisons import ComparisonView, Vote, Voted
from tests.discord_ui.catalogues import VEO_FAST
from tests.discord_ui.test_pages import make_job

FOX, MODEL, URL = "Лиса", "Вео 3.1", "https://media.example/clip.mp4"
ID, OTHER = "k5vvk6pe933k", "k5vvk6pe933m"
JOBS = tuple(
    make_job(
        id=job_id, state=JobState.SUCCEEDED, reason=None, model_name=MODEL, held=1_000, charged=1_000,
        payload={"prompt": FOX}, request={"model_slug": "m", "values": {"prompt": FOX}}, comparison_id=ID,
    )
    for job_id in (ID, OTHER)
)  # fmt: skip
COMPARISON = Comparison(ID, 1, 2, 3, 7, 1.0, voting_ends_at=9.0)
VIEW = ComparisonView(
    COMPARISON,
    (Clip(ID, 0, ID, "m", label=0), Clip(ID, 1, OTHER, "m", label=1)),
    {job.id: job for job in JOBS},
    (ID, OTHER),
    None,
)


def comparisons() -> Iterator[str | discord.ui.LayoutView]:
    yield from _cards()
    yield from _messages()
    yield from _private()
    for standing, marked in product((Standing(0, 1, 1), Standing(4, 7, 20)), (True, False)):
        yield models_page.model_text(
            replace(VEO_FAST, name=MODEL, description=FOX), None, Durations(), standing, age_restricted=marked
        )


def _cards() -> Iterator[str | discord.ui.LayoutView]:
    for state, moved, certain in product(JobState, (None, (5, 6)), (True, False)):
        jobs = [replace(job, state=state, charged=None, price_certain=certain) for job in JOBS]
        card = replace(card_of(COMPARISON, jobs, [Forecast(place=3), Forecast()]), moved_to=moved)
        yield comparison_card.comparison_view(card)
        yield comparison_card.ended_comparison_view(card)


def _messages() -> Iterator[str | discord.ui.LayoutView]:
    request = GenerationRequest("m", {"prompt": FOX, "duration": 8})
    shown = ComparedClip(ID, MODEL, "A", request, JobState.SUCCEEDED, 1_000, 1_000, None, results=(Result(URL),))
    clips = (shown, replace(shown, letter="B", votes=3, won=True), replace(shown, letter="C", votes=1))
    base = ComparisonClosing(ID, 1, 2, 7, clips, 2, None, 1.0, 5, 10_000_000, voting_ends_at=9.0)
    attached = [(place, f"video-{place}.mp4") for place in range(3)]
    for named in (True, False):
        yield comparison_message.comparison_closing_view(replace(base, names_shown=named), attached, fallback=True)
    yield comparison_message.clip_description(base, shown, 0)
    yield comparison_message.clip_description(base, replace(shown, results=(Result(URL),) * 2), 1)
    for problem in Unattached:
        linked = tuple(replace(clip, results=(Result(URL, problem=problem, size_bytes=9**9),)) for clip in clips)
        yield comparison_message.comparison_closing_view(replace(base, clips=linked), ())
    for state, reason, charged, by in product((JobState.FAILED, JobState.CANCELLED), (FOX, None), (0, 5), (None, 7)):
        unmade = replace(shown, letter="", state=state, reason=reason, charged=charged, cancelled_by=by, results=())
        yield comparison_message.comparison_closing_view(replace(base, clips=(unmade, unmade), late=0), ())


def _private() -> Iterator[str | discord.ui.LayoutView]:
    yield from (comparison_details.clips_view(VIEW, named=named) for named in (True, False))
    yield comparison_details.details_view([])
    for voted in Voted:
        yield comparison_words.voted(Vote(voted, VIEW, "A"))
    yield from (comparison_words.cancelled(done, total) for done, total in ((0, 3), (1, 3), (2, 2), (2, 3)))
    yield comparison_words.too_few()
    yield comparison_words.accepted()
    model = replace(VEO_FAST, name=MODEL)
    yield comparison_words.named_twice(model)
    one = AdmissionRequest(1, 2, 3, 7, (), model, GenerationRequest(model.slug, {"prompt": FOX}))
    asked = ComparisonRequest((one, one))
    status = QuotaStatus(Rules(), (), 0, 0, 0, 0)
    for certain in (True, False):
        yield comparison_words.question(ComparisonQuestion((Estimate(100, certain),) * 2, status), asked)
    for reason, about in product(
        (RefusalReason.APPROVAL, RefusalReason.PRICE_MAX, RefusalReason.MEMBER_JOBS), (0, None)
    ):
        yield comparison_words.refused(ComparisonRefused(Refused(refusals=(Refusal(reason, 3),)), 100, about), asked)
    yield comparison_words.refused(ComparisonRefused(Refused(bar=Bar.AGE_RESTRICTED), 0, 1), asked)
    refusal = AccessRefusal(AccessReason.MODEL)
    yield comparison_words.refused(ComparisonRefused(Refused(access=(refusal,)), 0, 1), asked)
