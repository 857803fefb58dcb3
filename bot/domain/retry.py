"""How long to wait before trying something again."""

JITTER_SHARE = 0.2


def backoff_seconds(failures: int, first: float, most: float, jitter: float) -> float:
    """Doubling from `first` to `most` seconds; `failures` counts from 1, `jitter` is a random number in [-1, 1]."""
    wait = min(most, first * 2.0 ** min(failures - 1, 30))
    return wait * (1 + JITTER_SHARE * jitter)


def capped(asked: float, most: float) -> float:
    """Return a pause that somebody else asked for, at most `most` seconds. What is no number of seconds is `most`."""
    return min(asked, most) if asked >= 0 else most
