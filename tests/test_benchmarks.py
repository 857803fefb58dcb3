"""What docs/benchmarks.md promises of the two rules, on fewer draws."""

import random
from statistics import median

import pytest

from benchmarks import pacing, polling
from bot.domain.durations import FIRST_LOOKS, Durations, learned

DRAWS = 20
RENDERS = 60


def test_in_a_flood_the_others_wait_for_minutes_at_most_and_the_flood_goes_on() -> None:
    [flood] = [use for use in pacing.USES if use.name.startswith("240 from one guild")]
    longest, medians, heavy = [], [], {pacing.FairTurns: 0, pacing.DynamicThreshold: 0}
    for number in range(DRAWS):
        requests = flood.requests(random.Random(number))
        for rule in heavy:
            left = list(pacing.simulate(requests, rule(flood.guilds)))
            heavy[rule] += sum(request.group == "heavy" and pacing._in_later_hours(at) for request, at in left)
        waits = [(at - request.at) / 60 for request, at in left if request.group == "others"]
        longest.append(max(waits))
        medians.append(median(waits))
    assert median(medians) == 0
    assert max(longest) <= 2.5
    assert heavy[pacing.DynamicThreshold] >= 0.85 * heavy[pacing.FairTurns]


def evenly_drawn(model: Durations, count: int) -> list[float]:
    """Seconds that stand for the whole distribution, in a mixed order."""
    drawn = [model.quantile((number + 0.5) / count) for number in range(count)]
    random.Random(1).shuffle(drawn)
    return drawn


@pytest.mark.parametrize(("median_seconds", "sigma"), polling.MODELS)
def test_after_twenty_renders_looking_costs_little_more_than_the_optimum(median_seconds: float, sigma: float) -> None:
    durations = evenly_drawn(Durations(median_seconds, sigma), RENDERS)
    best = sum(polling.at_ages(polling.optimum(median_seconds, sigma), durations))
    believed = learned(evenly_drawn(Durations(median_seconds, sigma), 20))
    costs = [sum(polling.by_rule([0.0], [seconds], believed)) for seconds in durations]
    assert sum(costs) / len(costs) <= 1.15 * best


@pytest.mark.parametrize("seconds", [20.0, 60.0, 120.0])
def test_the_first_render_of_a_model_is_seen_soon_after_its_end(seconds: float) -> None:
    reads, lag = polling.by_rule([0.0], [seconds], FIRST_LOOKS)
    assert lag <= 10.0
    assert reads <= seconds / 10 + 2
