"""When to ask the provider again: rarely at first, often around the expected moment, backing off afterwards."""

from collections.abc import Sequence
from statistics import median

FIRST_ASK_SHARE = 0.6
"""A job is left alone for this share of its model's usual time."""
FIRST_ASK_SECONDS_MAX = 45.0
BUSY_SHARE = 0.08
"""Around the expected moment, ask every so much of the usual time."""
BUSY_SECONDS_MIN, BUSY_SECONDS_MAX = 2.0, 10.0
LATE_SHARE = 0.15
LATE_SECONDS_MAX = 120.0
UNLEARNED_SHARE = 0.3
JITTER_SHARE = 0.15
"""Each wait is stretched or shortened by up to this share, so that jobs do not fall into step."""


def typical_seconds(latest: Sequence[float]) -> float | None:
    """How long a model usually takes: the median of its latest times, which one outlier cannot move."""
    return median(latest) if latest else None


def seconds_until_next_ask(elapsed: float, typical: float | None, jitter: float) -> float:
    """How long to wait before asking about a job that has run for `elapsed` seconds.

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
