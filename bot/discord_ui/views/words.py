"""Small words for members: counts and times."""

from collections.abc import Callable

NameOf = Callable[[str], str]
"""Takes a model's slug and returns its display name: `bot.services.catalogue.CatalogueService.name_of`."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: "1 server", "2 servers"."""
    return f"{number:,} {noun_for(number, noun)}"


def noun_for(number: int, noun: str) -> str:
    """Return a noun in the form that goes with a number."""
    return noun if abs(number) == 1 else f"{noun}s"


def sentence(words: str) -> str:
    """Return words that begin in lower case as a sentence of their own."""
    return f"{capitalised(words)}."


def capitalised(words: str) -> str:
    """Return words that begin in lower case as the beginning of a line."""
    return f"{words[:1].upper()}{words[1:]}"


def relative(at: float) -> str:
    """Return a moment that each reader's Discord shows as "in 3 minutes" and keeps up to date."""
    return f"<t:{round(at)}:R>"


def seconds(duration: float) -> str:
    """Return a duration in the words of a clock: "45 s", "3 min", "2 h", "5 days"."""
    if duration < 90:
        return f"{max(1, round(duration))} s"
    if duration < 5_400:
        return f"{round(duration / 60)} min"
    return f"{round(duration / 3_600)} h" if duration < 2 * 86_400 else f"{round(duration / 86_400)} days"


def file_size(size_bytes: int) -> str:
    """Return a file's size in the units of Discord's own pages: "12 MB", "4.5 MB", "300 kB"."""
    megabytes = size_bytes / (1024 * 1024)
    if megabytes < 0.1:
        return f"{max(1, round(size_bytes / 1024))} kB"
    return f"{megabytes:.1f} MB" if megabytes < 10 else f"{round(megabytes)} MB"
