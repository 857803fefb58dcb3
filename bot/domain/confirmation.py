"""Whether a member is asked before a price is spent."""

from bot.domain.quota import CREDITS_MAX, QuotaStatus, parse_amount

ALWAYS = 0
"""The threshold above which every price lies."""
NEVER = CREDITS_MAX
"""The threshold that no price exceeds."""
DEFAULT = None
"""No threshold is set: members are asked before more than half of what they have left is spent."""

_WORDS = {"always": ALWAYS, "never": NEVER, "off": NEVER, "unlimited": NEVER, "default": DEFAULT}


def asks_first(quota_status: QuotaStatus, price: int) -> bool:
    """Return whether the member confirms this price first. By the default rule nobody without a limit is asked."""
    threshold = quota_status.rules.confirm_above
    if threshold is not None:
        return price > threshold
    return quota_status.left is not None and 2 * price > quota_status.left


def parse_threshold(text: str) -> int | None:
    """Read what a moderator typed: a number of credits, `always`, `never` or `default`.

    Raises NotPossible for anything else.
    """
    plain = text.strip().lower()
    return _WORDS[plain] if plain in _WORDS else parse_amount(text)


def write_threshold(threshold: int | None) -> str:
    """Return what `parse_threshold` reads as this threshold."""
    return next((word for word, value in _WORDS.items() if value == threshold), str(threshold))
