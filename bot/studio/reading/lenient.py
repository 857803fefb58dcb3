"""Readers of single values whose format is not known. Each returns None for a value that it cannot understand."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from pydantic_core import from_json

from bot.domain.json_value import JsonObject, JsonValue

T = TypeVar("T")

WHOLE_MAX = 10**9
"""Largest accepted number. Real counts, lengths and prices are far below; databases refuse larger ones."""
DEPTH_MAX = 6
"""Depth to which an answer is searched."""
NAME_CHARACTERS_MAX = 200
"""Longest name, slug or engine. Database columns have this length."""
ID_CHARACTERS_MAX = 100
"""Longest id of a render. Database columns have this length."""
MESSAGE_CHARACTERS_MAX = 500
"""Longest text that is shown to people, such as a reason or a description."""
PROMPT_CHARACTERS_MAX = 20_000
"""Longest prompt that is read from a history."""
WORDS_MAX = 200
"""Most words that are read from one list."""
WORD_CHARACTERS_MAX = 100
"""Longest word of a list, such as an aspect ratio. Discord's choices have this length."""
KEYS_KNOWN_MAX = 100
"""Most keys of an object whose spellings are remembered. Documented objects have at most 20."""

CHOICE_KEYS = ("enum", "values", "options", "choices", "allowed_values", "allowed", "items", "supported", "available")
"""Keys of the choices in a description of a field."""
DESCRIPTION_KEYS = frozenset(("type", "default", "required", "description"))
"""Keys that mark an object as the description of a field."""

_LIST = re.compile(r"\s*[,;|\n]\s*|\s+/\s+|\s+(?:or|and)\s+")
_RATIO_LIST = re.compile(r"(?<=\d)\s*[/,;|\n]\s*(?=\d+:\d)|,")
_ID = re.compile(rf"[!-~]{{1,{ID_CHARACTERS_MAX}}}")
_INVISIBLE = ("Cc", "Cf", "Cs")
"""Unicode categories that names do not need: control and format characters, and halves of surrogate pairs."""


def first(container: Mapping[str, JsonValue], *spellings: str) -> JsonValue:
    """Return the value of the first of these keys that has one. Case, hyphens and blanks do not matter."""
    return next(_values(container, spellings), None)


def first_read(container: Mapping[str, JsonValue], read: Callable[[JsonValue], T | None], *spellings: str) -> T | None:
    """Return what `read` makes of the first of these keys whose value it understands."""
    readings = (read(value) for value in _values(container, spellings))
    return next((reading for reading in readings if reading is not None), None)


def text(value: JsonValue, longest: int = MESSAGE_CHARACTERS_MAX) -> str | None:
    """Return words in one line of at most `longest` characters, without invisible characters. Numbers become text."""
    words = _words(value)
    if words is None:
        return None
    visible = (" " if char.isspace() else char for char in words[: 4 * longest] if _is_visible(char))
    return " ".join("".join(visible).split())[:longest].rstrip() or None


def prompt_text(value: JsonValue) -> str | None:
    """Return a prompt with its line breaks, but without control characters that databases refuse."""
    if not isinstance(value, str):
        return None
    words = value[:PROMPT_CHARACTERS_MAX]
    kept = (char for char in words if char.isspace() or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip() or None


def name_text(value: JsonValue) -> str | None:
    """Return a name of at most NAME_CHARACTERS_MAX characters."""
    return text(value, NAME_CHARACTERS_MAX)


def identifier(value: JsonValue) -> str | None:
    """Return an id of visible ASCII characters. A longer or otherwise odd one is None: a changed id would be wrong."""
    words = _words(value)
    return words if words is not None and _ID.fullmatch(words) else None


def as_bool(value: JsonValue) -> bool | None:
    """Return a yes or no from a boolean, a number, or a word such as "yes" or "off"."""
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in ("true", "yes", "1", "on") else False if word in ("false", "no", "0", "off") else None
    if isinstance(value, (bool, int)):
        return bool(value)
    return None


def as_decimal(value: JsonValue) -> Decimal | None:
    """Return a number from 0 to WHOLE_MAX; also from a text with exactly one number, such as "100 credits"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    stated = value[:WORD_CHARACTERS_MAX] if isinstance(value, str) else str(value)
    numbers = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", stated.replace(",", ""))
    if len(numbers) != 1:
        return None
    try:
        number = Decimal(numbers[0])
    except InvalidOperation:
        return None
    return number if 0 <= number <= WHOLE_MAX else None


def as_whole(value: JsonValue) -> int | None:
    """Return a whole number. Fractions are rounded up, so that credits are never underestimated."""
    number = as_decimal(value)
    return None if number is None else math.ceil(number)


def texts(value: JsonValue) -> tuple[str, ...] | None:
    """Return words in their order without repetitions.

    They come from a list of words, objects or pairs of value and label, from "a, b", from the keys of an object, or
    from a description such as `{"type": "string", "enum": ["a", "b"]}`.
    """
    parts: Sequence[JsonValue]
    match value:
        case str():
            parts = (_RATIO_LIST if _RATIO_LIST.search(value) else _LIST).split(value, WORDS_MAX)
        case list():
            parts = [_named(part) for part in value[:WORDS_MAX]]
        case dict():
            choices = first(value, *CHOICE_KEYS)
            if choices is not None:
                return texts(choices)
            if DESCRIPTION_KEYS & {fold(key) for key in value}:
                return None
            # {"16:9": "Wide", "1:1": false}
            parts = [key for key, entry in value.items() if entry is not False][:WORDS_MAX]
        case _:
            return None
    words = (text(part, WORD_CHARACTERS_MAX + 1) for part in parts)
    return tuple(dict.fromkeys(word for word in words if word and len(word) <= WORD_CHARACTERS_MAX))


def as_json(value: str) -> JsonValue:
    """Return the value of JSON that is kept in a text; None if it is not JSON."""
    try:
        parsed: JsonValue = from_json(value, allow_inf_nan=False)
    except ValueError:
        return None
    return parsed


def storable(value: JsonValue) -> JsonValue:
    """Return a value that every database can keep as JSON: no control characters, surrogates or infinite numbers."""
    if isinstance(value, str):
        return "".join(char for char in value if char.isspace() or unicodedata.category(char) not in ("Cc", "Cs"))
    if isinstance(value, list):
        return [storable(entry) for entry in value]
    if isinstance(value, dict):
        return {str(storable(key)): storable(entry) for key, entry in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def objects(answer: JsonValue) -> Iterator[JsonObject]:
    """Yield every object in an answer, outermost first."""
    level = [answer]
    for _ in range(DEPTH_MAX):
        yield from (value for value in level if isinstance(value, dict))
        level = [child for value in level for _, child in children(value)]


def children(value: JsonValue) -> list[tuple[str, JsonValue]]:
    """Return the values of an object with their keys, or those of a list with "#1", "#2" and so on."""
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return [(f"#{number}", entry) for number, entry in enumerate(value, start=1)]
    return []


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """Return a key in snake case: `perSecond`, `per-second` and `Per second` are all `per_second`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower().replace("-", "_").replace(" ", "_")


def _values(container: Mapping[str, JsonValue], spellings: Sequence[str]) -> Iterator[JsonValue]:
    """Yield the value of each of these keys that has one. Of keys that are spelled alike the first one counts."""
    keys = tuple(container)
    by_spelling = (_by_spelling if len(keys) <= KEYS_KNOWN_MAX else _by_spelling.__wrapped__)(keys)
    for spelling in spellings:
        for key in by_spelling.get(spelling, ()):
            if (value := container[key]) is not None:
                yield value
                break


@lru_cache(maxsize=256)
def _by_spelling(keys: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return the keys by their folded spelling. Rows of one answer have the same keys, so it is done once for them."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(fold(key), []).append(key)
    return found


def _words(value: JsonValue) -> str | None:
    """Return a text without surrounding blanks, or a finite number as text."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -(WHOLE_MAX**4) < value < WHOLE_MAX**4:
        return None
    return str(value)


def _is_visible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _INVISIBLE


def _named(value: JsonValue) -> JsonValue:
    """Return the value of a choice: `{"value": "std", "label": "Standard"}`, or the pair `["std", "Standard"]`."""
    if isinstance(value, dict):
        keys = (
            "value",
            "slug",
            "key",
            "code",
            "ratio",
            "aspect_ratio",
            "quality",
            "quality_mode",
            "mode",
            "resolution",
        )
        return first(value, *keys) or first(value, "id", "name", "label")
    return value[0] if isinstance(value, list) and value else value
