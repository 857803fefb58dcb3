"""Sentences in the language in force.

English is the language of the code: the English sentence is its own key in the catalogues. `scripts/extract-words`
collects the sentences from the calls of `say`, `say_on`, `say_many`, `mark`, `mark_on` and `mark_many`, so their first
arguments are literals. A sentence is whole, and what varies is a placeholder in it: a translator can put it anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from gettext import NullTranslations
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

Place = Literal["button", "choice", "command", "label", "menu", "placeholder", "title"]
"""Where Discord bounds the length of words."""
LENGTHS: Mapping[Place, int] = {
    "button": 80,
    "choice": 100,
    "command": 100,
    "label": 45,
    "menu": 32,
    "placeholder": 100,
    "title": 45,
}
"""Characters that Discord takes in each place.

"command" is the description of a command or an option, "menu" the name of a command in the menu of a message.

Source: Discord's documentation, "Components" and "Application Commands". A select takes a placeholder of 150
characters, a text input one of 100.
"""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the bot speaks: how it writes numbers and lists, and its translations."""

    locale: Locale
    translations: NullTranslations = field(default_factory=NullTranslations)


ENGLISH = Language(Locale("en", "GB"))
"""The language of the code. Its lists have no comma before "or"."""

_IN_FORCE: ContextVar[Language] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language inside."""
    token = _IN_FORCE.set(language)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def language_in_force() -> Language:
    """Return the language that is spoken here."""
    return _IN_FORCE.get()


def speak_from_now_on(language: Language) -> None:
    """Speak a language in the rest of this task, and in the tasks that it starts."""
    _IN_FORCE.set(language)


def say(message: str, **values: object) -> str:
    """Return a sentence in the language in force. Values that are whole numbers are written as the language does."""
    return _filled(_IN_FORCE.get().translations.gettext(message), values)


def say_on(place: Place, message: str, **values: object) -> str:
    """Return words for a place where Discord bounds their length."""
    return _filled(_IN_FORCE.get().translations.pgettext(place, message), values)


def say_many(one: str, many: str, count: int, **values: object) -> str:
    """Return a sentence in the form that goes with a number. The sentence may name the number as `{count}`."""
    found = _IN_FORCE.get().translations.ngettext(one, many, abs(count))
    return _filled(found, {"count": count, **values})


def mark(message: str) -> str:
    """Return a sentence as it is. It is in the catalogues, and is translated by `say` where it is used."""
    return message


def mark_on(_place: Place, message: str) -> str:
    """Return words for a bounded place as they are. They are translated by `say_on` where they are used."""
    return message


def mark_many(one: str, many: str) -> tuple[str, str]:
    """Return both forms of a sentence as they are. They are translated by `say_many` where they are used."""
    return one, many


def number(value: int) -> str:
    """Return a whole number as the language in force writes it: "1,000"."""
    return format_decimal(value, locale=_IN_FORCE.get().locale)


def signed(value: int) -> str:
    """Return a whole number with its sign: "+1,000", "-30"."""
    return format_decimal(value, format="+#,##0;-#,##0", locale=_IN_FORCE.get().locale)


def decimal(value: float) -> str:
    """Return a number with one digit after the point: "4.5"."""
    return format_decimal(value, format="#,##0.0", locale=_IN_FORCE.get().locale)


def percent(share: float) -> str:
    """Return a share in whole per cent: "25%"."""
    return format_percent(share, locale=_IN_FORCE.get().locale)


def day_and_month(day: date, *, short: bool = False) -> str:
    """Return a day of a year as the language in force writes it: "3 November", or "3 Nov" if `short`."""
    return format_skeleton("MMMd" if short else "MMMMd", day, locale=_IN_FORCE.get().locale)


def weekday(number: int) -> str:
    """Return a day of the week by its number, 0 for Monday, as the language in force writes it: "Monday"."""
    return format_date(date(2024, 1, 1 + number), "cccc", locale=_IN_FORCE.get().locale)


def either(items: Sequence[str]) -> str:
    """Return alternatives: "a, b or c"."""
    return format_list(items, style="or", locale=_IN_FORCE.get().locale)


def all_of(items: Sequence[str]) -> str:
    """Return a list whose members all hold: "a, b and c"."""
    return format_list(items, locale=_IN_FORCE.get().locale)


def _filled(message: str, values: Mapping[str, object]) -> str:
    return message.format_map({name: _written(value) for name, value in values.items()}) if values else message


def _written(value: object) -> object:
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value
