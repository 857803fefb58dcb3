"""Reads lengths in whole seconds from lists, ranges and words."""

import re

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.lenient import CHOICE_KEYS, DESCRIPTION_KEYS, as_whole, first, fold

SECONDS_MAX = 3600
"""Longest accepted length in seconds; a larger number is not a length in seconds."""
_LIST = re.compile(r"[,;|/\n]|\bor\b|\band\b")
_RANGE = re.compile(r"\D*(\d+)\s*(?:s|secs?|seconds?)?\s*(?:-|–|—|to|\.\.+)\s*(\d+)\D*", re.IGNORECASE)


def read_seconds(value: JsonValue) -> tuple[int, ...] | None:
    """Return every allowed whole second, ascending: from 8, "8 seconds", [5, "10s"], "3-15", {"min": 3, "max": 15}.

    The result is empty if there is nothing to choose, and None if the value cannot be understood.
    """
    if isinstance(value, str) and not any(map(str.isdigit, value)):
        return ()  # words such as "clip length": a member does not choose one
    seconds = _read(value)
    if seconds is None or any(not 0 < second <= SECONDS_MAX for second in seconds):
        return None
    return tuple(sorted(seconds))


def _read(value: JsonValue) -> set[int] | None:
    match value:
        case list():
            parts = [_read(entry) for entry in value[:SECONDS_MAX]]
            return None if None in parts else {second for part in parts for second in part or ()}
        case dict():
            return _in_object(value)
        case str() if _LIST.search(value):
            return _read([part for part in _LIST.split(value) if any(map(str.isdigit, part))])
        case str() if span := _RANGE.fullmatch(value):
            return _span(int(span[1]), int(span[2]), 1)
        case bool() | None:
            return None
        case float() if not value.is_integer():
            return None
    second = as_whole(value)
    return None if second is None else {second}


def _in_object(value: JsonObject) -> set[int] | None:
    choices = first(value, *CHOICE_KEYS)
    if choices is not None:
        return _read(choices)
    least, most = (
        as_whole(first(value, "min", "minimum", "from", "start", "min_seconds")),
        as_whole(first(value, "max", "maximum", "to", "end", "max_seconds")),
    )
    if most is not None:
        return _span(1 if least is None else least, most, as_whole(first(value, "step", "increment")) or 1)
    one = first(value, "value", "seconds", "duration", "duration_seconds")
    if one is not None:
        return _read(one)
    if DESCRIPTION_KEYS & {fold(key) for key in value}:
        return set()  # a description without choices: nothing that could be offered
    # Choices as keys: {"5": "5 seconds", "10": "10 seconds"}.
    return _read(list(value)) if value else None


def _span(least: int, most: int, step: int) -> set[int] | None:
    return set(range(least, most + 1, step)) if least <= most <= SECONDS_MAX else None
