from typing import Any

import discord
import pytest

from bot.discord_ui.commands.naming import assign_names
from bot.discord_ui.views.closing_message import closing_text
from bot.discord_ui.views.job_story import story_view
from bot.discord_ui.views.jobs_page import job_text, jobs_view
from bot.discord_ui.views.models_page import model_text, models_view
from bot.discord_ui.views.status_card import status_view
from bot.domain.comparisons import Standing
from bot.domain.durations import Durations
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState
from bot.domain.postings import Posting
from bot.domain.request import GenerationRequest
from bot.engine.notifier import Closing, Result, StatusCard, Unattached
from bot.services.commands import CommandName
from bot.services.job_views import JobsPage, JobStory, JobsWanted, JobView, Resend
from bot.services.jobs import JOBS_SHOWN
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.model import Json
from sandbox.discord.walk import walk
from tests.discord_ui.catalogues import MOTION_CONTROL, PUBLIC, VEO_FAST, awkward, plain
from tests.support.stage import StageBot, StageServices, button, words


async def test_models_shows_what_each_takes_costs_and_its_command(mia: Persona) -> None:
    shown = words(await (await mia.slash("/models", "videos")).wait_message())
    assert "3 models" in shown
    assert "</veo fast:" in shown
    assert "16:9, 9:16, Auto · 8 s" in shown
    assert "100 credits" in shown


async def test_pages_are_turned_in_place(mia: Persona, services: StageServices, sandbox: DiscordSandbox) -> None:
    await services.catalogue.change(*PUBLIC)
    page = await (await mia.slash("/models", "videos")).wait_message()
    assert "grok-imagine" in words(page)
    await mia.press(page, button(page, "Next"))
    await sandbox.wait_for(lambda: "Next (2 of 3)" in str(page.components))
    assert "grok-imagine" not in words(page)
    assert "</seedance 1-5-pro:" in words(page)


async def test_a_family_is_found_by_its_name(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(*PUBLIC)
    offered = await mia.autocomplete("/models", "videos", focused="family", family="w")
    assert [choice["value"] for choice in offered] == ["wan"]
    page = await (await mia.slash("/models", "videos", family="wan")).wait_message()
    assert "</wan 2-6-v2v:" in words(page)


@pytest.mark.parametrize("page", range(13))
def test_every_page_of_every_catalogue_fits_a_message(page: int) -> None:
    models = awkward()
    view = models_view(models, assign_names(models, {}), lambda _: Durations(), page)
    assert shown_characters(view) <= 4_000
    assert len(parts(view)) <= 40


def test_a_model_tells_how_long_it_usually_takes() -> None:
    name = CommandName("kling", "3-0-motion-control")
    assert "usually about 90 s" in model_text(MOTION_CONTROL, name, Durations())
    text = model_text(MOTION_CONTROL, name, Durations(60.0, 0.2))
    assert "usually 50-70 s" in text
    assert "as long as the clip, up to 30 s" in text
    assert "1 image · 1 clip" in text


def test_the_providers_short_words_for_qualities_are_spelled_out() -> None:
    model = plain("a", "A", "A", quality_modes=("std", "pro", "720p"))
    assert "Standard, Pro, 720p" in model_text(model, None, Durations())


async def test_a_member_sees_own_jobs_and_moderators_everybodys(
    mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    for member in (mia, noah):
        asked = await member.slash("/veo fast", "videos", prompt=f"for {member.user.name}")
        await asked.wait_message()
    own = words(await (await mia.slash("/jobs", "videos")).wait_message())
    assert "for mia" in own
    assert "for noah" not in own
    refused = words(await (await mia.slash("/jobs", "videos", everyone=True)).wait_message())
    assert "You need the permission **Manage Server** here" in refused
    everybody = words(await (await ada.slash("/jobs", "videos", everyone=True)).wait_message())
    assert "for mia" in everybody
    assert "for noah" in everybody
    theirs = words(await (await ada.slash("/jobs", "videos", member=noah.user)).wait_message())
    assert "for mia" not in theirs


async def test_nobodys_prompt_formats_links_or_mentions(mia: Persona, sandbox: DiscordSandbox) -> None:
    bad = "**bold** @everyone <@&1401> [x](https://evil.example) # big\n> quote https://evil.example"
    answer = await (await mia.slash("/veo fast", "videos", prompt=bad)).wait_message()
    shown = words(answer)
    assert "\\*\\*bold" in shown
    assert "@everyone" not in shown
    assert "https://evil" not in shown
    assert sandbox.record.facts[answer.id].mentions == []


@pytest.mark.parametrize(("starting", "state"), [(False, "queued"), (True, "starting")])
def test_the_list_says_of_a_request_what_its_card_says_and_says_it_once(starting: bool, state: str) -> None:
    expected = Forecast(place=1, starts_at=50.0, ready_at=100.0, durations=Durations(60.0, 0.2), is_starting=starting)
    job = make_job(model_name="M", payload={"prompt": "a fox"}, reason=None, state=JobState.QUEUED)
    view = JobView(job, GenerationRequest("m", {}), expected, None, Resend.STANDS)
    text = job_text(view, with_member=False)
    assert state in text
    assert state in str(parts(story_view(JobStory(view, (), ())))), "and so do its details"
    assert text.count("ready <t:100:R>") == 1
    assert text.count("usually 50-70 s") == 1
    assert ("next in line" in text) is not starting


async def test_an_empty_list_says_what_to_do(mia: Persona) -> None:
    assert "Nothing here yet" in words(await (await mia.slash("/jobs", "videos")).wait_message())


def test_a_model_without_anything_to_choose_is_shown_too() -> None:
    assert "50 credits" in model_text(plain("a", "A", "A", aspect_ratios=(), durations=()), None, Durations())


LONGEST = "<@_*" * 2_000
"""Every character of it is escaped."""


def parts(view: discord.ui.LayoutView) -> list[Json]:
    components: list[Json] = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    return [part for _, part in walk(components)]


def shown_characters(view: discord.ui.LayoutView) -> int:
    return sum(len(str(part.get("content", ""))) for part in parts(view))


POSTED = Posting(2.0, "reply", 10**19, 10**19, 1, 1, None)


def test_the_longest_texts_still_fit() -> None:
    models = [
        plain(f"m{n}", LONGEST, LONGEST, description=LONGEST, aspect_ratios=(LONGEST,), quality_modes=(LONGEST,))
        for n in range(20)
    ]
    names = {model.slug: CommandName("a" * 32, "b" * 32) for model in models}
    assert shown_characters(models_view(models, names, lambda _: Durations(), 1)) <= 4_000
    job = make_job(model_name=LONGEST, payload={"prompt": LONGEST}, reason=LONGEST, state=JobState.FAILED)
    listed = JobView(job, GenerationRequest("m", {}), Forecast(), POSTED, Resend.STANDS)
    page = JobsPage(JobsWanted(None, page=1), (listed,) * JOBS_SHOWN, has_more=True)
    assert shown_characters(jobs_view(page, 1, LONGEST[:100])) <= 4_000
    assert len(parts(jobs_view(page, 1))) <= 40
    card = StatusCard("0" * 12, 1, 1, 10**19, LONGEST, LONGEST, JobState.FAILED, None, 1, True, Forecast(), LONGEST)
    assert shown_characters(status_view(card)) <= 4_000
    request = GenerationRequest("m", {"prompt": LONGEST, "quality": LONGEST[:100], "aspect_ratio": LONGEST[:30]})
    results = (Result("https://media.example/" + "x" * 500, problem=Unattached.TOO_LARGE),) * 9
    for state in (JobState.SUCCEEDED, JobState.FAILED):
        closing = Closing(
            "0" * 12, 1, 1, 10**19, LONGEST, request, state, 10**9, True, 10**9, LONGEST, results, None, 0.0, 1
        )
        assert len(closing_text(closing, ())) <= 2_000


def make_job(**given: Any) -> Job:
    """Return a job with nothing special about it, but for what is given."""
    ids: dict[str, Any] = dict.fromkeys(("interaction_id", "account_id", "guild_id", "channel_id", "member_id"), 10**19)
    empty: dict[str, Any] = dict.fromkeys(
        ("charged", "attempt_at", "running_at", "ended_at", "due_at", "status_message_id")
    )
    plain_values: dict[str, Any] = {"id": "0" * 12, "model_slug": "m", "request": {}, "held": 10**9, "attempts": 0}
    return Job(**(ids | empty | plain_values | {"price_certain": True, "created_at": 1.0} | given))


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(0, 1, 1), "won 0 of 1 comparison here · 1 vote · too few to say much"),
        (Standing(3, 5, 12), "won 3 of 5 comparisons here · 12 votes"),
        (None, None),
    ],
)
def test_a_model_says_how_often_it_won_here_and_whether_that_says_much(
    standing: Standing | None, expected: str | None
) -> None:
    text = model_text(VEO_FAST, None, Durations(), standing)
    if expected is None:
        assert "comparison" not in text
    else:
        assert text.endswith(f"\n-# {expected}")


def test_an_age_restricted_model_is_marked() -> None:
    assert "age-restricted channels only" in model_text(VEO_FAST, None, Durations(), age_restricted=True)
    assert "age-restricted" not in model_text(VEO_FAST, None, Durations())
