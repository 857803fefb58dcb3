"""When to ask the provider again: rarely at first, often around the expected moment, backing off afterwards."""

from collections.abc import Sequence
from statistics import median

FIRST_ASK_SHARE = 0.6
"""Share of a model's usual time for which a job is left alone."""
FIRST_ASK_SECONDS_MAX = 45.0
"""Seconds for which a job is left alone at most."""
BUSY_SHARE = 0.08
"""Share of the usual time between two questions around the expected moment."""
BUSY_SECONDS_MIN, BUSY_SECONDS_MAX = 2.0, 10.0
"""Seconds between two questions around the expected moment, at least and at most."""
LATE_SHARE = 0.15
"""Share of the time that a late job has run for, between two questions about it."""
LATE_SECONDS_MAX = 120.0
"""Seconds between two questions about a late job, at most."""
UNLEARNED_SHARE = 0.3
"""Share of the time that a job has run for, between two questions while the usual time is not known."""
JITTER_SHARE = 0.15
"""Share by which a wait is stretched or shortened at random, so that jobs do not fall into step."""


def typical_seconds(latest: Sequence[float]) -> float | None:
    """Return how long a model usually takes: the median of its latest times, which one outlier cannot move.

    None means that nothing is known yet.
    """
    return median(latest) if latest else None


def seconds_until_next_ask(elapsed: float, typical: float | None, jitter: float) -> float:
    """Return the seconds to wait before asking about a job that has run for `elapsed` seconds.

    `typical` is the model's usual time, None while it is not known; `jitter` is a random number in [-1, 1].
    """
    if typical is None:
        wait = min(BUSY_SECONDS_MAX, max(BUSY_SECONDS_MIN, elapsed * UNLEARNED_SHARE))
    elif elapsed < typical * FIRST_ASK_SHARE:
        wait = min(FIRST_ASK_SECONDS_MAX, max(BUSY_SECONDS_MIN, typical * FIRST_ASK_SHARE - elapsed))
    elif elapsed < typical * 1.5:
        wait = min(BUSY_SECONDS_MAX, max(BUSY_SECONDS_MIN, typical * BUSY_SHARE))
    else:
        wait = min(LATE_SECONDS_MAX, max(BUSY_SECONDS_MAX, elapsed * LATE_SHARE))
    return wait * (1 + JITTER_SHARE * jitter)
