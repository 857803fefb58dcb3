"""Reads and lag of the polling rule, beside fixed intervals and the optimum by dynamic programming.

Simulated time. The cost of a render is its reads plus its lag in units of the price of one read. numpy comes with the
charts. Run: python -m benchmarks.polling
"""

import random
from collections.abc import Callable, Sequence
from functools import partial
from math import exp

import numpy as np

from bot.domain.durations import FIRST_LOOKS, Durations, learned
from bot.domain.polling import LOOK_PRICE_SECONDS, Running, seconds_until_look

RENDERS = 400
MODELS = ((20.0, 0.05), (20.0, 0.2), (60.0, 0.1), (60.0, 0.25), (60.0, 0.5), (120.0, 0.25), (120.0, 0.5))
"""Medians in seconds and sigmas of the logarithms."""
CROWDS = ((4, 5.0), (10, 60.0), (24, 600.0), (100, 1800.0))
"""Renders, and the seconds within which they begin."""
Cost = tuple[float, float]
"""Reads a render, and mean lag in seconds."""


def optimum(median: float, sigma: float, step: float = 0.5) -> list[float]:
    """Return the ages at which looking costs least for one render whose distribution is known."""
    true = Durations(median, sigma)
    ages = np.arange(0, median * 8 + step, step)
    ended = np.array([true.ended_by(age) for age in ages])
    ended[-1] = 1.0
    area = np.concatenate([[0.0], np.cumsum((ended[1:] + ended[:-1]) / 2 * step)])
    least = np.zeros(len(ages))
    following = np.zeros(len(ages), int)
    for now in range(len(ages) - 2, -1, -1):
        later = np.arange(min(now + max(1, round(1 / step)), len(ages) - 1), len(ages))
        unseen = area[later] - area[now] - ended[now] * (ages[later] - ages[now])
        cost = (1 - ended[now]) + unseen / LOOK_PRICE_SECONDS + least[later]
        best = int(np.argmin(cost))
        least[now], following[now] = cost[best], later[best]
    looks, now = [], 0
    while now < len(ages) - 1:
        now = int(following[now])
        looks.append(float(ages[now]))
    return looks


def at_ages(looks: Sequence[float], durations: Sequence[float]) -> Cost:
    """Return what looking at these ages costs."""
    positions = [next(n for n, age in enumerate(looks) if age >= seconds) for seconds in durations]
    lags = [looks[position] - seconds for position, seconds in zip(positions, durations, strict=True)]
    return sum(positions) / len(positions) + 1, sum(lags) / len(lags)


def by_rule(starts: Sequence[float], durations: Sequence[float], believed: Durations) -> Cost:
    """Return what the rule costs where one look sees all renders that run."""
    open_renders = dict(enumerate(zip(starts, durations, strict=True)))
    now, looks, lag = min(starts), 0, 0.0
    while open_renders:
        running = [Running(now - begun, believed) for begun, _ in open_renders.values() if begun <= now]
        coming = min((begun for begun, _ in open_renders.values() if begun > now), default=float("inf"))
        wait = seconds_until_look(running) if running else float("inf")
        if now + wait > coming:
            now = coming
            continue
        now += wait
        looks += 1
        for number, (begun, seconds) in list(open_renders.items()):
            if begun + seconds <= now:
                lag += now - begun - seconds
                del open_renders[number]
    return looks / len(starts), lag / len(starts)


def mean(costs: Sequence[Cost]) -> Cost:
    """Return the mean reads and the mean lag."""
    return sum(reads for reads, _ in costs) / len(costs), sum(lag for _, lag in costs) / len(costs)


def shown(cost: Cost, best: Cost) -> str:
    """Return reads, lag, and the whole cost against the best one."""
    ratio = (cost[0] + cost[1] / LOOK_PRICE_SECONDS) / (best[0] + best[1] / LOOK_PRICE_SECONDS)
    return f"{cost[0]:.1f}, {cost[1]:.1f} s ({ratio:.2f})"


def main() -> None:
    """Print both tables."""
    draw = random.Random(1)

    def drawn(median: float, sigma: float, count: int) -> list[float]:
        return [median * exp(draw.gauss(0, sigma)) for _ in range(count)]

    def after(median: float, sigma: float, renders: int) -> Durations:
        return learned(drawn(median, sigma, renders))

    print("| model (median, sigma) | optimum | every 5 s | every 10 s | cold | after 5 renders | after 20 renders |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for median, sigma in MODELS:
        durations = drawn(median, sigma, RENDERS)
        best = at_ages(optimum(median, sigma), durations)

        def rule(believed: Callable[[], Durations], durations: list[float] = durations, best: Cost = best) -> str:
            return shown(mean([by_rule([0.0], [seconds], believed()) for seconds in durations]), best)

        row = [
            shown(best, best),
            *(shown(at_ages(np.arange(gap, 5000, gap).tolist(), durations), best) for gap in (5.0, 10.0)),
            rule(lambda: FIRST_LOOKS),
            rule(partial(after, median, sigma, 5)),
            rule(partial(after, median, sigma, 20)),
        ]
        print(f"| {median:.0f} s, {sigma} | " + " | ".join(row) + " |")
    print()
    print("| renders of a 60 s model (sigma 0.25) | reads each | lag |")
    print("| --- | --- | --- |")
    for count, within in CROWDS:
        starts = sorted(draw.uniform(0, within) for _ in range(count))
        reads, lag = by_rule(starts, drawn(60.0, 0.25, count), learned(drawn(60.0, 0.25, 20)))
        print(f"| {count} within {within:.0f} s | {reads:.1f} | {lag:.1f} s |")


if __name__ == "__main__":
    main()
