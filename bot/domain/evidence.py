"""What a history's facts prove, measured on the renders in it that we own.

Nobody knows how the provider tells a prompt, an input or a time: cut, escaped, hosted elsewhere, in another zone. So a
fact counts only as far as the same answer tells it rightly of renders whose request we know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.renders import RenderReport

CLOCK_SKEW_SECONDS = 120.0
"""Seconds by which the provider's clock may differ from ours. A clock that differs more is no evidence."""
POST_SECONDS_MAX = 70.0
"""Seconds from the beginning of a POST to the moment at which our side has given it up, with room to spare."""


class Fact(StrEnum):
    """What the history may tell of a render, and a request states as well."""

    MODEL = "model"
    PROMPT = "prompt"
    INPUTS = "inputs"
    ASPECT_RATIO = "aspect_ratio"
    DURATION = "duration"
    QUALITY = "quality"
    SOUND = "sound"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Sent:
    """A POST: its body, and when it was begun, in seconds since the epoch on our clock."""

    payload: Mapping[str, Any]
    began_at: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far a history's facts can be believed. A fact in neither set was told of no render that we own."""

    confirmed: frozenset[Fact]
    """Told rightly of every render that we own and that it was told of. A difference proves another request."""
    doubted: frozenset[Fact]
    """Told wrongly of a render that we own. A difference proves nothing."""


def weigh(known: Iterable[tuple[RenderReport, Sent]]) -> Evidence:
    """Compare renders that we own with the requests that made them."""
    right: set[Fact] = set()
    wrong: set[Fact] = set()
    for report, sent in known:
        for fact, same in compare(report, sent).items():
            (right if same else wrong).add(fact)
    return Evidence(frozenset(right - wrong), frozenset(wrong))


def compare(report: RenderReport, sent: Sent) -> dict[Fact, bool]:
    """Return, for each fact that both sides state, whether they agree."""
    payload = sent.payload
    told: dict[Fact, tuple[object, object]] = {
        Fact.MODEL: (report.model_slug, payload.get("model_slug")),
        Fact.PROMPT: (_words(report.prompt), _words(payload.get("prompt"))),
        Fact.INPUTS: (frozenset(report.input_urls) or None, frozenset(input_urls_of(payload)) or None),
        Fact.ASPECT_RATIO: (report.aspect_ratio, payload.get("aspect_ratio")),
        Fact.DURATION: (report.duration, payload.get("duration_seconds")),
        Fact.QUALITY: (report.quality, payload.get("quality_mode")),
        Fact.SOUND: (report.sound, payload.get("sound")),
    }
    agreed = {fact: theirs == ours for fact, (theirs, ours) in told.items() if theirs is not None and ours is not None}
    if report.created_at is not None:
        agreed[Fact.TIME] = in_window(report.created_at, sent.began_at)
    return agreed


def in_window(created_at: float, began_at: float) -> bool:
    """Return whether a render of that moment can come from a POST that began then."""
    return began_at - CLOCK_SKEW_SECONDS <= created_at <= began_at + POST_SECONDS_MAX + CLOCK_SKEW_SECONDS


def input_urls_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every address that a generate body gives the provider to read, whatever its field is called."""
    found: list[str] = []
    for name, value in payload.items():
        if name.endswith("_url") and isinstance(value, str):
            found.append(value)
        elif name.endswith("_urls") and isinstance(value, list):
            found.extend(str(url) for url in value)
    return tuple(found)


def with_input_urls(payload: Mapping[str, Any], fresh: Mapping[str, str]) -> dict[str, Any]:
    """Return a generate body with other addresses in place of those in `fresh`."""
    changed = dict(payload)
    for name, value in payload.items():
        if name.endswith("_url") and isinstance(value, str):
            changed[name] = fresh.get(value, value)
        elif name.endswith("_urls") and isinstance(value, list):
            changed[name] = [fresh.get(str(url), url) for url in value]
    return changed


def _words(text: object) -> tuple[str, ...] | None:
    """Return a prompt without differences of white space, which a provider may trim or fold. None if it is empty."""
    return tuple(text.split()) or None if isinstance(text, str) else None
