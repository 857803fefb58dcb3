"""Problems of a request, in words for the member who made it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.attachments import Attachment

OptionValue = str | int | bool | Attachment

SHOWN_CHARACTERS_MAX = 80
SHOWN_CHOICES_MAX = 25


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a request cannot be sent. `message` is the whole sentence for the member."""

    option: str
    given: str
    allowed: str
    message: str


def problem(option: str, value: OptionValue | None, allowed: str) -> Problem:
    """Return a problem whose message says what was given and what is allowed."""
    given = shown(value)
    return Problem(option, given, allowed, f"`{option}` is {given}, but it must be {allowed}.")


def shown(value: OptionValue | None) -> str:
    """Return a value in words that the member recognises."""
    match value:
        case None | "":
            return "empty"
        case bool():
            return "on" if value else "off"
        case Attachment():
            return f"the file “{_short(value.filename)}”"
        case str():
            return f"“{_short(value)}”"
    return str(value)


def one_of(choices: Sequence[str | int]) -> str:
    """Return choices in words: "5 or 10", "a whole number from 3 to 15"."""
    whole = [choice for choice in choices if isinstance(choice, int)]
    if len(whole) > 2 and whole == list(range(whole[0], whole[-1] + 1)):
        return f"a whole number from {whole[0]} to {whole[-1]}"
    words = [str(choice) for choice in choices[:SHOWN_CHOICES_MAX]]
    if len(choices) > len(words):
        return f"one of {', '.join(words)} and {len(choices) - len(words)} more"
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_CHARACTERS_MAX else words[: SHOWN_CHARACTERS_MAX - 1] + "…"
