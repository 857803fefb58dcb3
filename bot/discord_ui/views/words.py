"""Small words for members: counts and times."""

from collections.abc import Callable, Sequence

from bot.discord_ui.language.speaking import decimal, either, say, say_many
from bot.domain.audit import THE_BOT
from bot.domain.privacy import is_pseudonym

NameOf = Callable[[str], str]
"""Takes a model's slug and returns its display name: `bot.services.catalogue.CatalogueService.name_of`."""

ALTERNATIVES_MAX = 25
"""Choices that are listed one by one."""


def person(person_id: int) -> str:
    """Return the mention of a person, or what stands as a name for the bot itself and for whom is erased."""
    if person_id == THE_BOT:
        return say("the bot")
    return say("[data erased]") if is_pseudonym(person_id) else f"<@{person_id}>"


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


def alternatives(choices: Sequence[str | int]) -> str:
    """Return what may be chosen: "5 or 10", "a whole number from 3 to 15", "one of a, b and 3 more"."""
    whole = [choice for choice in choices if isinstance(choice, int)]
    if len(whole) > 2 and whole == list(range(whole[0], whole[-1] + 1)):
        return say("a whole number from {low} to {high}", low=whole[0], high=whole[-1])
    words = [str(choice) for choice in choices[:ALTERNATIVES_MAX]]
    if len(choices) > len(words):
        return say("one of {names} and {number} more", names=", ".join(words), number=len(choices) - len(words))
    return either(words)


def pair(name: str, value: str) -> str:
    """Return a name with its value: "Retention: 90 days"."""
    # Translators: a name with its value. Write the colon as your language does.
    return say("{name}: {value}", name=name, value=value)


def quoted(text: str) -> str:
    """Return what somebody wrote, in the quotation marks of the language in force."""
    return say("“{text}”", text=text)


def heading(words: str) -> str:
    """Return words as the heading of a part of a card."""
    return f"### {words}"


def relative(at: float) -> str:
    """Return a moment that each reader's Discord shows as "in 3 minutes" and keeps up to date."""
    return f"<t:{round(at)}:R>"


def seconds(duration: float) -> str:
    """Return a duration in the words of a clock: "45 s", "3 min", "2 h", "5 days"."""
    if duration < 90:
        return say("{number} s", number=max(1, round(duration)))
    if duration < 5_400:
        return say("{number} min", number=round(duration / 60))
    if duration < 2 * 86_400:
        return say("{number} h", number=round(duration / 3_600))
    return say_many("{count} day", "{count} days", round(duration / 86_400))


def file_size(size_bytes: int) -> str:
    """Return a file's size in the units of Discord's own pages: "12 MB", "4.5 MB", "300 kB"."""
    megabytes = size_bytes / (1024 * 1024)
    if megabytes < 0.1:
        return say("{number} kB", number=max(1, round(size_bytes / 1024)))
    return say("{number} MB", number=decimal(megabytes) if megabytes < 10 else round(megabytes))
