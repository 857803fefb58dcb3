"""The rules of comparisons: keys, when the message is due, what it shows, and who wins."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparisons import Clip, arranged, closes_at, counted, job_key, refusals_together, shuffled
from bot.domain.jobs import Job, JobState
from bot.domain.periods import Period
from bot.domain.quota import Allowance, Limit, QuotaStatus, RefusalReason, Rules, Scope, Split, decide
from tests.discord_ui.test_pages import make_job

SNOWFLAKES = st.integers(min_value=1, max_value=2**63 - 1)
CLIPS = tuple(Clip("c", place, f"job{place}", f"model{place}") for place in range(4))
STATUS = QuotaStatus(Rules(), (), 0, 0, 0, 0)


def job(**given: Any) -> Job:
    return make_job(**{"state": JobState.RUNNING, "reason": None, "model_name": "Veo", "payload": {}} | given)


@given(SNOWFLAKES, SNOWFLAKES, st.integers(0, 3), st.integers(0, 3))
def test_the_keys_of_two_jobs_are_two_numbers_that_no_interaction_has(
    one: int, other: int, first: int, second: int
) -> None:
    key = job_key(one, first)
    assert -(2**63) <= key < 0
    near = abs(one - other) < 2**61  # seventeen years of ids
    assert not near or (key == job_key(other, second)) == ((one, first) == (other, second))


@given(st.integers(2, 4), st.integers())
def test_an_order_drawn_by_lot_has_each_place_once(count: int, chance: int) -> None:
    assert sorted(shuffled(count, random.Random(chance))) == list(range(count))


DONE, FAILED = JobState.SUCCEEDED, JobState.FAILED


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ({None: 2}, None),
        ({(5.0, DONE): 1, None: 1}, 65.0),
        ({(5.0, DONE): 1, (9.0, DONE): 1, None: 1}, 65.0),
        ({(5.0, DONE): 1, (200.0, DONE): 1}, 200.0),
        ({(5.0, FAILED): 1, None: 1}, None),
        ({(5.0, FAILED): 1, (9.0, DONE): 1, None: 1}, 69.0),
        ({(5.0, FAILED): 1, (9.0, FAILED): 1}, 9.0),
    ],
)
def test_the_message_is_due_when_all_have_ended_or_a_time_after_the_first_video(
    ended: dict[tuple[float, JobState] | None, int], due: float | None
) -> None:
    jobs = [
        job() if end is None else job(ended_at=end[0], state=end[1])
        for end, times in ended.items()
        for _ in range(times)
    ]
    assert closes_at(jobs, 60.0) == due


def test_letters_go_to_clips_that_succeeded_and_what_has_not_ended_is_left_out() -> None:
    states = [JobState.FAILED, JobState.SUCCEEDED, JobState.RUNNING, JobState.SUCCEEDED]
    jobs = [job(id=f"job{place}", state=state) for place, state in enumerate(states)]
    placed = arranged(CLIPS, jobs)
    assert [clip.letter for clip in placed] == ["", "A", "", "B"]
    assert [clip.in_message for clip in placed] == [True, True, False, True]


@pytest.mark.parametrize(
    ("votes", "winners"),
    [([], []), ([0], [0]), ([0, 1], []), ([0, 1, 1], [1]), ([2, 1, 1, 2, 0], [])],
)
def test_one_wins_that_has_more_votes_than_each_other(votes: list[int], winners: list[int]) -> None:
    placed = tuple(replace(clip, label=clip.position) for clip in CLIPS[:3])
    result = counted(placed, [f"job{number}" for number in votes])
    assert [clip.position for clip in result if clip.won] == winners
    assert sum(clip.votes or 0 for clip in result) == len(votes)


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=4),
    st.integers(0, 120),
    st.integers(0, 60),
    st.none() | st.integers(0, 4),
    st.none() | st.integers(0, 60),
)
def test_requests_fit_together_exactly_if_they_fit_one_after_the_other(
    prices: list[int], limit: int, granted: int, jobs_max: int | None, price_max: int | None
) -> None:
    rules = Rules(member_jobs_max=jobs_max, price_max=price_max)
    allowance = Allowance(Limit(Scope.DEFAULT, 0, Period.MONTH, limit), 0, 0, 1.0)
    status = replace(STATUS, rules=rules, allowances=(allowance,), member_grants=granted)
    one_by_one = True
    after = status
    for price in prices:
        split = decide(after, price)
        if not isinstance(split, Split):
            one_by_one = False
            break
        after = after.after(split)
    assert (refusals_together(status, prices) == ()) == one_by_one


def test_a_price_that_moderators_approve_first_is_none_for_a_comparison() -> None:
    status = replace(STATUS, rules=Rules(approval_above=50, approval_channel_id=5))
    assert refusals_together(status, [50, 50]) == ()
    assert [each.reason for each in refusals_together(status, [50, 51])] == [RefusalReason.APPROVAL]
