"""When the next generate POST may leave, so that the provider never has to refuse one.

The provider allows 24 POSTs an hour per key. Only an exact sliding log keeps that (a token bucket let 47 through in one
hour, measured), and pacing inside it keeps slots free for whoever comes next: a few at once, then evenly spread.
"""

from collections.abc import Sequence

WINDOW_SECONDS = 3605.0
"""An hour, and a margin for clocks that differ and requests that travel."""
BURST_POSTS = 4
"""So many may leave at once before pacing begins."""


def next_slot(posts: Sequence[float], hourly: int, now: float) -> float:
    """The earliest moment, `now` or later, at which one more POST may leave.

    `posts` are the moments of the POSTs in the last WINDOW_SECONDS (older ones may be among them), ascending.
    """
    return next_slots(posts, hourly, now, 1)[0]


def next_slots(posts: Sequence[float], hourly: int, now: float, count: int) -> list[float]:
    """The moments of the next `count` POSTs if each leaves as soon as it may."""
    interval = 3600.0 / hourly
    burst = (min(BURST_POSTS, hourly) - 1) * interval
    paced_until = 0.0
    for at in posts:
        paced_until = max(paced_until, at) + interval
    log = list(posts)
    for _ in range(count):
        slot = max(now, paced_until - burst)
        if len(log) >= hourly:
            slot = max(slot, log[-hourly] + WINDOW_SECONDS)
        log.append(slot)
        paced_until = max(paced_until, slot) + interval
    return log[len(posts) :]
