"""Reading values whose spelling is not known in advance: each function answers None for what it cannot understand."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.domain.json_value import JsonObject, JsonValue

WHOLE_MAX = 10**9
"""No count, length or price comes near; a larger number is a mistake, and databases refuse it."""
DEPTH_MAX = 6
"""How deep in an answer its list is looked for."""


def first(container: Mapping[str, JsonValue], *spellings: str) -> JsonValue:
    """The value under the first of these keys that holds anything; upper case and hyphens do not matter."""
    folded = {fold(key): value for key, value in reversed(list(container.items())) if value is not None}
    return next((folded[name] for name in spellings if name in folded), None)


def text(value: JsonValue) -> str | None:
    """Words without surrounding blanks. Ids and names may come as numbers."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return str(value)


def as_bool(value: JsonValue) -> bool | None:
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in ("true", "yes", "1", "on") else False if word in ("false", "no", "0", "off") else None
    if isinstance(value, (bool, int)):
        return bool(value)
    return None


def as_decimal(value: JsonValue) -> Decimal | None:
    """A number that is not negative; also from a text that holds exactly one, such as "100 credits"."""
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
    """A whole number; fractions are rounded up, which for credits errs on the careful side."""
    number = as_decimal(value)
    return None if number is None else math.ceil(number)


def texts(value: JsonValue) -> tuple[str, ...] | None:
    """A list of words in its order without repetitions: from a list, the keys of an object, or "a, b"."""
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
    """Web addresses: one, a list of them, or objects that hold one."""
    match value:
        case str() if value.startswith(("http://", "https://")):
            return (value,)
        case list():
            return tuple(url for entry in value for url in urls(entry))
        case dict():
            return urls(first(value, "url", "video_url", "result_url", "urls"))
    return ()


def objects(answer: JsonValue) -> Iterator[JsonObject]:
    """Every object in an answer, outermost first."""
    level = [answer]
    for _ in range(DEPTH_MAX):
        yield from (value for value in level if isinstance(value, dict))
        level = [child for value in level for _, child in children(value)]


def children(value: JsonValue) -> list[tuple[str, JsonValue]]:
    """What an object or a list holds, with keys or positions (from 1) as names."""
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return [(f"#{number}", entry) for number, entry in enumerate(value, start=1)]
    return []


def _named(value: JsonValue) -> JsonValue:
    return first(value, "value", "slug", "id", "name", "key", "label") if isinstance(value, dict) else value


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """A key without differences of style: `perSecond`, `per-second` and `Per second` are `per_second`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower().replace("-", "_").replace(" ", "_")
