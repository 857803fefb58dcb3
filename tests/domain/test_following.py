"""What an answer about a running job's renders means, case by case."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.following import Heard, Limits, Next, ask_status_for, follow, says_too_little, seconds_taken
from bot.domain.renders import RenderReport, RenderState

LIMITS = Limits(running=6 * 3600.0, unheard=600.0)
RUNNING = RenderReport("r1", RenderState.PROCESSING)
DONE = RenderReport("r1", RenderState.COMPLETED, ("https://media.example/1.mp4",), credits_charged=100)
NO_ADDRESS = replace(DONE, result_urls=())
FAILED = RenderReport("r1", RenderState.FAILED, error_message="it broke")
ODD = RenderReport("r1", RenderState.UNREADABLE, unknown_status="simmering")
SILENCE = Heard()
NOT_KNOWN = Heard(not_known=frozenset({"r1"}))
GARBAGE = Heard(unreadable=frozenset({"r1"}))


def told(report: RenderReport) -> Heard:
    return Heard({report.remote_id: report})


LATE = 7 * 3600.0
CASES: dict[str, tuple[Heard, Mapping[str, float], float, Next]] = {
    "it is done": (told(DONE), {}, 60.0, Next.SETTLE),
    "it has failed": (told(FAILED), {}, 60.0, Next.SETTLE),
    "it is done after a night": (told(DONE), {}, LATE, Next.SETTLE),
    "it is rendering": (told(RUNNING), {}, 60.0, Next.ASK_AGAIN),
    "it is still rendering after hours": (told(RUNNING), {}, LATE, Next.HAND_OVER),
    "no answer": (SILENCE, {}, 60.0, Next.ASK_AGAIN),
    "no answer after a night": (SILENCE, {}, LATE, Next.ASK_AGAIN),
    "garbage for a while": (GARBAGE, {"r1": 700.0}, 800.0, Next.ASK_AGAIN),
    "garbage for hours": (GARBAGE, {"r1": LATE}, LATE, Next.HAND_OVER),
    "done without an address yet": (told(NO_ADDRESS), {"r1": 20.0}, 60.0, Next.ASK_AGAIN),
    "done without an address for minutes": (told(NO_ADDRESS), {"r1": 601.0}, 700.0, Next.SETTLE),
    "a word that nobody knows": (told(ODD), {"r1": 300.0}, 300.0, Next.ASK_AGAIN),
    "a word that nobody knows for hours": (told(ODD), {"r1": LATE}, LATE, Next.HAND_OVER),
    "not known yet": (NOT_KNOWN, {"r1": 60.0}, 60.0, Next.ASK_AGAIN),
    "not known for minutes": (NOT_KNOWN, {"r1": 601.0}, 700.0, Next.HAND_OVER),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_done_about_a_job_with_one_render(case: str) -> None:
    heard, unheard_for, elapsed, expected = CASES[case]
    assert follow([RUNNING], heard, unheard_for, elapsed, LIMITS).next is expected


def test_a_job_without_renders_is_never_settled() -> None:
    assert follow([], SILENCE, {}, 60.0, LIMITS).next is Next.ASK_AGAIN


def test_a_job_is_settled_when_all_of_its_renders_have_ended() -> None:
    second = replace(RUNNING, remote_id="r2")
    assert follow([DONE, second], Heard(), {}, 60.0, LIMITS).next is Next.ASK_AGAIN
    step = follow([DONE, second], told(replace(FAILED, remote_id="r2")), {}, 60.0, LIMITS)
    assert (step.next, [render.state for render in step.renders]) == (
        Next.SETTLE, [RenderState.COMPLETED, RenderState.FAILED],
    )  # fmt: skip


def test_a_render_stays_as_it_ended_whatever_a_late_answer_says() -> None:
    assert follow([DONE], told(FAILED), {}, 60.0, LIMITS).renders == (DONE,)


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (DONE, False),
        (RUNNING, False),
        (NO_ADDRESS, True),
        (replace(DONE, credits_charged=None), True),
        (FAILED, True),
        (replace(FAILED, credits_refunded=True), False),
        (ODD, True),
    ],
)
def test_a_row_of_the_history_that_leaves_the_charge_or_the_address_open_is_asked_about(
    row: RenderReport, asked: bool
) -> None:
    assert ask_status_for(row) is asked


@pytest.mark.parametrize("heard", [told(NO_ADDRESS), told(ODD), NOT_KNOWN, GARBAGE])
def test_answers_that_a_later_one_may_correct(heard: Heard) -> None:
    assert says_too_little("r1", heard)


@pytest.mark.parametrize("heard", [told(DONE), told(RUNNING), told(FAILED), SILENCE])
def test_answers_that_say_enough(heard: Heard) -> None:
    assert not says_too_little("r1", heard)


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ([(100.0, 130.0)], 30.0),
        ([(100.0, 130.0), (100.0, 190.0)], 90.0),
        ([(100.0, None)], None),
        ([(100.0, 90.0)], None),
    ],
)
def test_a_duration_is_the_providers_own(times: list[tuple[float, float | None]], seconds: float | None) -> None:
    reports = [replace(DONE, created_at=created, completed_at=completed) for created, completed in times]
    assert seconds_taken(reports) == seconds
