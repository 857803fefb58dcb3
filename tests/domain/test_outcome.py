"""How a job ended and what it cost, case by case."""

from itertools import pairwise

import pytest

from bot.domain.jobs import ENDED, TRANSITIONS, JobState, new_job_id
from bot.domain.outcome import outcome_of
from bot.domain.polling import BUSY_SECONDS_MAX, LATE_SECONDS_MAX, seconds_until_next_ask, typical_seconds
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


def test_credits_that_were_kept_are_named() -> None:
    assert "kept 1,250 credits" in (outcome_of([failed(1250, False)], held=90).reason or "")


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


def test_one_outlier_does_not_move_what_is_typical() -> None:
    assert typical_seconds([60, 62, 61, 59, 4000]) == 61
    assert typical_seconds([]) is None


@pytest.mark.parametrize("typical", [None, 5.0, 60.0, 600.0])
def test_a_job_is_asked_about_rarely_at_first_often_around_its_time_and_backing_off_afterwards(
    typical: float | None,
) -> None:
    elapsed, asks = 0.0, []
    while elapsed < 3600:
        wait = seconds_until_next_ask(elapsed, typical, 0.0)
        assert 2.0 <= wait <= LATE_SECONDS_MAX
        elapsed += wait
        asks.append(elapsed)
    if typical is not None:
        assert sum(1 for at in asks if at < typical * 0.5) <= max(1, typical * 0.5 / 40), "left alone at first"
        late = [after - before for before, after in pairwise(asks) if before > typical * 3 + 100]
        assert min(late) > BUSY_SECONDS_MAX
    assert len(asks) < 400
