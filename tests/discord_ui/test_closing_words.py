"""What a closing message says about results that are not attached to it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_ui.views.closing_message import LINK_TOO_LONG, closing_text, closing_view
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.words import file_size
from bot.domain.jobs import JobState
from bot.engine.notifier import Result, Unattached
from sandbox.discord.default_world import ADA_ID, MIA_ID
from tests.discord_ui.test_delivery import CLOSING

URL = "https://media.example/clip.mp4"
SIGNED = f"{URL}?X-Amz-Date=20270101T000000Z&X-Amz-Expires=3600"
ATTACHED = Result(URL, Path("clip.mp4"))


def text(*results: Result, attached: tuple[int, ...] = ()) -> str:
    return closing_text(replace(CLOSING, results=results), attached)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Unattached.TOO_LARGE, "The file is too large for Discord here: this is the provider's own link. Save the"),
        (Unattached.UNREACHABLE, "I could not fetch the file to attach it: this is the provider's own link. Save the"),
        (None, "I cannot attach the file here: this is the provider's own link. Save the video soon"),
    ],
)
def test_a_link_explains_itself(problem: Unattached | None, words: str) -> None:
    said = text(Result(URL, problem=problem))
    assert "your video is ready" in said
    assert words in said
    assert said.endswith(f"\n{URL}")


def test_a_link_that_tells_its_end_is_shown_with_it() -> None:
    assert "It works until <t:1798765200:f>." in text(Result(SIGNED, problem=Unattached.TOO_LARGE))


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result(URL, problem=Unattached.GONE), "does not have this file any more"),
        (Result(None, problem=Unattached.GONE), "does not have this file any more"),
        (Result(URL, problem=Unattached.REFUSED), f"may have expired. <{URL}>"),
        (Result(URL, problem=Unattached.NOT_A_VIDEO), f"is not a video. <{URL}>"),
    ],
)
def test_a_dead_link_is_never_posted_as_success(result: Result, words: str) -> None:
    said = text(result)
    assert "your video was made, but cannot be shown." in said
    assert words in said
    assert f"\n{URL}" not in said


def test_of_several_results_each_is_accounted_for() -> None:
    said = text(ATTACHED, Result(URL + "?2", problem=Unattached.GONE), Result(URL + "?3"), attached=(0,))
    assert "your videos are ready" in said
    assert "any more" in said
    assert said.endswith("?3")
    assert said.count("https://") == 1


def test_a_video_that_was_made_smaller_names_its_original() -> None:
    said = text(replace(ATTACHED, made_smaller=True), attached=(0,))
    assert (
        f"The original is at the provider: <{URL}> Save the video soon: the provider may not keep it for long." in said
    )


def test_a_link_names_the_sizes_where_they_are_known() -> None:
    large = Result(URL, Path("clip.mp4"), Unattached.TOO_LARGE, size_bytes=34 * 1024 * 1024 + 5)
    said = closing_text(replace(CLOSING, results=(large,), upload_limit=10 * 1024 * 1024), ())
    assert "The file has 34 MB, and this server takes files of up to 10 MB" in said
    assert said.endswith(f"\n{URL}")


@pytest.mark.parametrize(
    ("size", "said"),
    [(1, "1 kB"), (20_000, "20 kB"), (1024 * 1024, "1.0 MB"), (10 * 1024 * 1024, "10 MB"), (45_000_000, "43 MB")],
)
def test_sizes_are_in_the_units_of_discords_own_pages(size: int, said: str) -> None:
    assert file_size(size) == said


def test_a_link_that_is_longer_than_a_message_is_spoken_of() -> None:
    said = text(Result(URL + "?" + "x" * 2000, problem=Unattached.TOO_LARGE))
    assert said.endswith(LINK_TOO_LONG)


@pytest.mark.parametrize(
    ("state", "held", "certain", "charged", "label"),
    [
        (JobState.SUCCEEDED, 100, True, 100, "Again · 100 credits"),
        (JobState.SUCCEEDED, 100, True, 80, "Again · about 80 credits"),  # it may cost what is stated the next time
        (JobState.SUCCEEDED, 600, False, 120, "Again · about 120 credits"),
        (JobState.FAILED, 100, True, 0, "Try again · 100 credits"),
        (JobState.CANCELLED, 600, False, 0, "Try again · about 600 credits"),
    ],
)
async def test_again_tells_what_it_costs(state: JobState, held: int, certain: bool, charged: int, label: str) -> None:
    view = closing_view(replace(CLOSING, state=state, held=held, price_certain=certain, charged=charged))
    labels = [item.item.label for item in view.children if isinstance(item, JobButton)]
    done = state is JobState.SUCCEEDED
    report, second_row = (["Continue", "Report"], ["Add to reel"]) if done else ([], [])
    assert labels == [label, "Edit prompt", *report, "Delete", *second_row]


@pytest.mark.parametrize(
    ("actor_id", "reason", "said"),
    [
        (MIA_ID, None, f"<@{MIA_ID}> you cancelled this request."),
        (ADA_ID, None, f"<@{MIA_ID}> your request was cancelled by <@{ADA_ID}>."),
        (ADA_ID, "a moderator denied it", f"your request was cancelled: a moderator denied it (<@{ADA_ID}>)."),
        (None, "no moderator decided within a day", "was cancelled: no moderator decided within a day."),
    ],
)
def test_a_member_reads_who_cancelled_a_request_and_why(actor_id: int | None, reason: str | None, said: str) -> None:
    closing = replace(CLOSING, state=JobState.CANCELLED, charged=0, reason=reason, results=(), cancelled_by=actor_id)
    text = closing_text(closing, ())
    assert said in text
    assert "nothing charged, 100 credits released" in text


@pytest.mark.parametrize(
    ("state", "charged", "told"),
    [(JobState.FAILED, 1, True), (JobState.FAILED, 0, False), (JobState.SUCCEEDED, 1, False)],
)
def test_a_failure_that_cost_credits_says_who_can_refund_them(state: JobState, charged: int, told: bool) -> None:
    said = closing_text(replace(CLOSING, results=(), state=state, charged=charged, reason="it failed"), ())
    assert ("The provider kept 1 credit. A moderator of this server can refund that: `/quota refund`." in said) is told
