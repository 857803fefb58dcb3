"""When to look at the provider again: once the expected unseen waiting of all renders reaches the price of a look.

A look costs one request; a render that has ended unseen costs its member waiting. The rule is the classic inspection
problem's (Barlow and Proschan; Keller, 1974), and one look at the history sees all renders of an account.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.durations import Durations

LOOK_PRICE_SECONDS = 1.0
"""Seconds of members' unseen waiting that one request is worth."""
GAP_SECONDS_MIN = 1.0
"""Shortest wait between two looks."""
LATE_SHARE = 0.15
"""A render that is later than nearly all is looked at each time this share of its age has passed."""
LATE_SECONDS_MIN = 10.0
"""Shortest such pause."""
NEARLY_ALL = 0.98
"""Share of a model's renders that have ended before one counts as late."""
WAIT_SECONDS_MAX = 600.0
"""Longest wait between two looks."""
SAMPLE_MAX = 100
"""Renders that are computed with. Where more run, each stands for several."""


@dataclass(frozen=True, slots=True)
class Running:
    """A render that had not ended when it was last seen. `age` is in seconds since it began, now."""

    age: float
    durations: Durations


def seconds_until_look(running: Sequence[Running], price: float = LOOK_PRICE_SECONDS) -> float:
    """Return how long to wait before the next look at renders that were all seen just now.

    `price` is in seconds of unseen waiting. It is raised while the provider does not answer or limits reads.
    """
    if not running:
        return WAIT_SECONDS_MAX
    if len(running) > SAMPLE_MAX:
        step = len(running) / SAMPLE_MAX
        running = [running[int(number * step)] for number in range(SAMPLE_MAX)]
        price /= step
    longest = WAIT_SECONDS_MAX
    oldest = max(running, key=lambda each: each.age)
    if oldest.durations.ended_by(oldest.age) > NEARLY_ALL:
        longest = max(LATE_SECONDS_MIN, LATE_SHARE * oldest.age)

    def unseen(wait: float) -> float:
        return sum(each.durations.unseen_waiting(each.age, each.age + wait) for each in running)

    if unseen(longest) <= price:
        return longest
    low, high = 0.0, longest
    while high - low > 0.05:
        middle = (low + high) / 2
        low, high = (middle, high) if unseen(middle) < price else (low, middle)
    return max(GAP_SECONDS_MIN, high)
