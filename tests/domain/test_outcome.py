"""How a job ended and what it cost, case by case."""

import pytest

from bot.domain.jobs import ENDED, TRANSITIONS, JobState, new_job_id
from bot.domain.outcome import outcome_of
from bot.domain.renders import RenderReport, RenderState

VIDEO = ("https://media.example/clip.mp4",)
DONE = RenderReport("r1", RenderState.COMPLETED, VIDEO, 100, None, None)


def failed(charged: int | None, refunded: bool | None) -> RenderReport:
    return RenderReport("r1", RenderState.FAILED, (), charged, refunded, "it broke")


@pytest.mark.parametrize(
    ("renders", "state", "charged"),
    [
        ([DONE], JobState.SUCCEEDED, 100),
        ([DONE, DONE], JobState.SUCCEEDED, 200),
        ([RenderReport("r1", RenderState.COMPLETED, VIDEO, None, None, None)], JobState.SUCCEEDED, 90),
        ([RenderReport("r1", RenderState.COMPLETED, VIDEO, 0, None, None)], JobState.SUCCEEDED, 0),
        ([RenderReport("r1", RenderState.COMPLETED, (), 100, None, None)], JobState.FAILED, 100),
        ([failed(None, True)], JobState.FAILED, 0),
        ([failed(100, True)], JobState.FAILED, 0),
        ([failed(100, False)], JobState.FAILED, 100),
        ([failed(None, False)], JobState.FAILED, 90),
        ([failed(None, None)], JobState.FAILED, 0),
        ([failed(70, None)], JobState.FAILED, 70),
        ([DONE, failed(None, True)], JobState.SUCCEEDED, 100),
        ([DONE, failed(50, False)], JobState.SUCCEEDED, 150),
    ],
)
def test_the_outcome_of_renders(renders: list[RenderReport], state: JobState, charged: int) -> None:
    outcome = outcome_of(renders, held=90)
    assert (outcome.state, outcome.charged) == (state, charged)
    assert (outcome.reason is None) == all(render is DONE or render.result_urls for render in renders)


def test_shares_of_a_hold_add_up() -> None:
    silent = RenderReport("r1", RenderState.COMPLETED, VIDEO, None, None, None)
    assert outcome_of([silent] * 3, held=100).charged == 100


@pytest.mark.parametrize(("kept", "words"), [(1250, "kept 1,250 credits"), (1, "kept 1 credit for it")])
def test_credits_that_were_kept_for_a_part_are_named(kept: int, words: str) -> None:
    assert words in (outcome_of([DONE, failed(kept, False)], held=90).reason or "")
    # Where nothing was made, what was kept is the whole charge, which is told beside the reason.
    assert "kept" not in (outcome_of([failed(kept, False)], held=90).reason or "")


def test_every_state_but_the_ended_can_be_left_and_reach_an_end() -> None:
    for state in set(TRANSITIONS) - ENDED:
        reached, frontier = set(), {state}
        while frontier:
            reached |= frontier
            frontier = {after for each in frontier for after in TRANSITIONS[each]} - reached
        assert reached & ENDED


def test_job_ids_fit_a_nonce_with_room_for_a_suffix() -> None:
    assert {len(new_job_id()) for _ in range(100)} == {12}
    assert len({new_job_id() for _ in range(1000)}) == 1000
