"""What a refusal tells about the provider's limit."""


def learned_limit(posts_in_window: int, hourly: int) -> int:
    """Return the limit to keep to after a 429, given the POSTs that the log counts, the refused one included.

    Where the log was near the limit, something else uses the key, or the limit is stricter than told: the limit is
    lowered, at most by half. Where it was not, the refusal says nothing about a limit per hour.
    """
    passed = posts_in_window - 1
    return max(passed, hourly // 2, 1) if hourly / 2 <= passed < hourly else hourly
