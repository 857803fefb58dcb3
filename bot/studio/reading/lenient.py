"""Readers of single values whose format is not known. Each returns None for a value that it cannot understand."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.domain.json_value import JsonObject, JsonValue

WHOLE_MAX = 10**9
"""Largest accepted number. Real counts, lengths and prices are far below; databases refuse larger ones."""
DEPTH_MAX = 6
"""Depth to which an answer is searched."""


def first(container: Mapping[str, JsonValue], *spellings: str) -> JsonValue:
    """Return the value of the first of these keys that has one. Case, hyphens and blanks do not matter."""
    folded = {fold(key): value for key, value in reversed(list(container.items())) if value is not None}
    return next((folded[name] for name in spellings if name in folded), None)


def text(value: JsonValue) -> str | None:
    """Return words without surrounding blanks. Numbers become text, because ids and names may be numbers."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return str(value)


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
    numbers = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", str(value).replace(",", ""))
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
    """Return words in their order without repetitions: from a list, the keys of an object, or "a, b"."""
    match value:
        case str():
            parts: list[str | None] = [text(part) for part in value.split(",")]
        case list():
            parts = [text(_named(part)) for part in value]
        case dict():
            parts = [text(key) for key in value]
        case _:
            return None
    return tuple(dict.fromkeys(part for part in parts if part))


def urls(value: JsonValue) -> tuple[str, ...]:
    """Return web addresses: from one address, a list of them, or objects that contain one."""
    match value:
        case str() if value.startswith(("http://", "https://")):
            return (value,)
        case list():
            return tuple(url for entry in value for url in urls(entry))
        case dict():
            return urls(first(value, "url", "video_url", "result_url", "urls"))
    return ()


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


def _named(value: JsonValue) -> JsonValue:
    return first(value, "value", "slug", "id", "name", "key", "label") if isinstance(value, dict) else value


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """Return a key in snake case: `perSecond`, `per-second` and `Per second` are all `per_second`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower().replace("-", "_").replace(" ", "_")
