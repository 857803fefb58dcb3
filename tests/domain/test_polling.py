"""When the provider is looked at: from what is known of the durations, and from all running renders together."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import Durations, learned
from bot.domain.polling import GAP_SECONDS_MIN, LOOK_PRICE_SECONDS, WAIT_SECONDS_MAX, Running, seconds_until_look


def test_an_unknown_model_takes_what_the_providers_documentation_says() -> None:
    prior = learned([])
    assert 25 < prior.quantile(0.05) < 35
    assert 160 < prior.quantile(0.95) < 200


def test_what_was_seen_outweighs_the_prior() -> None:
    regular = learned([20.0] * 10)
    assert 19 < regular.median < 23
    assert regular.sigma < 0.15
    irregular = learned([20.0, 80.0] * 10)
    assert irregular.sigma > 0.5


@given(st.floats(5, 600), st.floats(0.05, 1.0), st.floats(0, 2000), st.floats(0.01, 500))
def test_the_expected_unseen_waiting_is_the_integral_of_the_chance_of_having_ended(
    median: float, sigma: float, age: float, wait: float
) -> None:
    durations = Durations(median, sigma)
    closed = durations.unseen_waiting(age, age + wait)
    assert 0 <= closed <= wait + 1e-6
    ended = durations.ended_by(age)
    if ended > 0.999:
        return
    steps = 2000
    middles = (age + wait * (step + 0.5) / steps for step in range(steps))
    summed = sum(durations.ended_by(at) - ended for at in middles) / (1 - ended) * wait / steps
    assert isclose(closed, summed, rel_tol=0.01, abs_tol=0.01)


def test_a_render_is_left_alone_until_it_can_have_ended() -> None:
    wait = seconds_until_look([Running(0.0, Durations(60, 0.1))])
    assert 50 < wait < 62


def test_many_renders_are_looked_at_sooner_than_one() -> None:
    one = Running(50.0, Durations(60, 0.25))
    alone, together = seconds_until_look([one]), seconds_until_look([one] * 10)
    assert together < alone


def test_a_dearer_look_is_taken_later() -> None:
    running = [Running(50.0, Durations(60, 0.25))]
    assert seconds_until_look(running, 4 * LOOK_PRICE_SECONDS) > seconds_until_look(running)


@pytest.mark.parametrize("age", [100.0, 1000.0, 20_000.0])
def test_a_render_that_is_late_is_asked_about_ever_more_rarely(age: float) -> None:
    wait = seconds_until_look([Running(age, Durations(20, 0.05))])
    assert GAP_SECONDS_MIN <= wait <= max(10.0, 0.15 * age)


def test_nothing_runs_and_nothing_is_looked_at() -> None:
    assert seconds_until_look([]) == WAIT_SECONDS_MAX
