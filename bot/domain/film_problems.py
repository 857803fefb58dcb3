"""Why a film of a reel could not be made, as data. What people read of it is in `bot.discord_ui.views.film_words`."""

from enum import StrEnum


class FilmProblem(StrEnum):
    """The value is stored."""

    EMPTY = "empty"
    """None of its clips can be had any more, and it has no title cards."""
    UNREACHABLE = "unreachable"
    """Discord or the provider did not hand out a clip, however often they were asked."""
    TOO_LONG = "too_long"
    """It would be longer than the bot's owner allows."""
    TOO_MANY_BYTES = "too_many_bytes"
    """Its clips together have more bytes than are fetched for one film."""
    TOO_LARGE = "too_large"
    """No file that the server takes could hold it with a picture worth looking at."""
    DISK = "disk"
    """The bot's disk has no room for it now."""
    MEMORY = "memory"
    """It needs more memory than one film may take."""
    TIME = "time"
    """It took longer than one film may take."""
    BROKEN = "broken"
    """Each attempt ended early, and nobody knows why."""
    UNDELIVERABLE = "undeliverable"
    """The channel does not take it."""
