"""Reads how long the provider asks to wait, and bounds it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.json_value import JsonValue
from bot.studio.reading.lenient import first, objects
from bot.studio.reading.moments import EARLIEST, read_moment

POST_SECONDS_MAX = 3605.0
"""Longest wait before another POST: the documented rate limit is per hour, and 5 seconds are a margin."""
GET_SECONDS_MAX = 300.0
"""Longest wait before another GET, so that finished videos are not late."""
HEADERS = ("Retry-After", "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset")
KEYS = (
    *("retry_after", "retry_after_seconds", "retry_in", "retry_in_seconds", "wait_seconds", "wait", "retry_at"),
    *("reset_at", "reset_in", "available_in", "available_at"),
)
MILLISECOND_KEYS = ("retry_after_ms", "retry_in_ms", "wait_ms")

DAY_SECONDS = 86_400.0
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?\s*", re.I)
_IN_WORDS = re.compile(r"(\d+)\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?)\b", re.IGNORECASE)
_RATE = re.compile(r"(?:per|every|each|/)\s*(?:\d+\s*)?\w+|\d+\s*(?:requests|calls|posts|generations|videos)\b", re.I)


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` to wait, bounded, and the seconds that the provider `asked_for`."""

    seconds: float
    asked_for: float


def read_wait(headers: Mapping[str, str], body: JsonValue, said: str | None, longest: float, now: float) -> Wait | None:
    """Return the wait that a 429 states: in a header, in a key of its body, or in its words; None if there is none.

    Numbers are seconds; numbers that are too large for that are milliseconds or moments. `now` is in seconds since the
    epoch. The answer's own `Date` is used instead if it has one, because the provider's clock may differ from ours.
    """
    provider_now = read_moment(headers.get("Date", "")) or now
    hints: list[JsonValue] = [headers.get(name) for name in HEADERS]
    for stated in objects(body):
        hints.append(first(stated, *KEYS))
        milliseconds = first(stated, *MILLISECOND_KEYS)
        if isinstance(milliseconds, (int, float, str)) and not isinstance(milliseconds, bool):
            hints.append(f"{milliseconds} ms")
    asked_for = next((seconds for hint in hints if (seconds := _seconds(hint, provider_now)) is not None), None)
    if asked_for is None:
        asked_for = _in_words(said or "")
    return None if asked_for is None else Wait(min(asked_for, longest), asked_for)


def _seconds(hint: JsonValue, now: float) -> float | None:
    if isinstance(hint, bool) or not isinstance(hint, (int, float, str)):
        return None
    number = _NUMBER.fullmatch(hint[:100] if isinstance(hint, str) else str(hint))
    if number is None:
        return _until(read_moment(hint), now)
    value = float(number[1]) * _unit(number[2] or "s")
    if number[2] is None and value >= EARLIEST:
        return _until(read_moment(value), now)
    if number[2] is None and value > 7 * DAY_SECONDS:
        value /= 1000
    return max(0.0, value) if math.isfinite(value) else None


def _until(moment: float | None, now: float) -> float | None:
    """Return the seconds until a moment. One that is long past is no moment to wait for."""
    return None if moment is None or moment < now - DAY_SECONDS else max(0.0, moment - now)


def _in_words(said: str) -> float | None:
    # Django REST framework says: "Request was throttled. Expected available in 42 seconds."
    time = _IN_WORDS.search(_RATE.sub(" ", said))
    return None if time is None else float(time[1]) * _unit(time[2])


def _unit(name: str) -> float:
    name = name.lower()
    if name.startswith(("ms", "milli")):
        return 0.001
    return {"s": 1.0, "m": 60.0, "h": 3600.0}[name[0]]
