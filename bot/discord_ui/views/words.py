"""Small words for members: why a request waits, counts, and times."""

from bot.domain.forecast import HeldUp

HELD_UP = {
    HeldUp.PAUSED: "the queue is paused at the moment, and your request keeps its place",
    HeldUp.NO_CREDITS: "the provider account is empty at the moment; it goes on by itself once there are credits again",
    HeldUp.REFUSED: "the provider refuses this bot at the moment; its owner was told",
}
"""Why a request waits although it may be its turn."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: "1 server", "2 servers"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def relative(at: float) -> str:
    """Return a moment that each reader's Discord shows as "in 3 minutes" and keeps up to date."""
    return f"<t:{round(at)}:R>"


def seconds(duration: float) -> str:
    """Return a duration in the words of a clock: "45 s", "3 min"."""
    return f"{round(duration)} s" if duration < 90 else f"{round(duration / 60)} min"
