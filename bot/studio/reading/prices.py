"""Reads prices from a model's entry.

The documentation does not state their format. A price is read as a tree whose leaves are numbers and whose keys say
what each number is for: `{"per_second": {"pro": 30}, "pro_5s_with_sound": 200}`. Each key is split into what it says
about quality, length, sound and seconds. If anything remains, the key is not understood and no estimate is certain.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.prices import Price, Rate
from bot.studio.reading.lenient import as_decimal, as_whole, children, fold

# fmt: off
SAYS_NOTHING = frozenset((
    "base", "default", "flat", "fixed", "standard", "total", "amount", "credit", "credits", "price", "prices",
    "pricing", "cost", "costs", "rate", "rates", "tier", "tiers", "table", "by", "per", "for", "in", "of", "video",
    "render", "generation", "quality", "qualities", "mode", "modes", "duration", "durations", "length", "resolution",
    "options",
))
IGNORED = frozenset((
    "currency", "unit", "units", "type", "note", "notes", "description", "label", "minimum", "maximum",
))
# fmt: on
PER_SECOND = re.compile(r"(?:per|/)_*s(?:ec(?:ond)?s?)?(?![a-z])|by_second")
SILENT = re.compile(r"without_(?:sound|audio)|no_(?:sound|audio)|(?:sound|audio)_off|silent|mute")
SOUND = re.compile(r"(?:with_)?(?:sound|audio)(?:_on)?")
LENGTH = re.compile(r"(?<![a-z0-9])(\d+)_*(?:s|secs?|seconds?)?(?![a-z0-9])")
FACTOR = re.compile(r"(?:sound|audio)_(?:multiplier|factor)|(?:multiplier|factor)_(?:with_)?(?:sound|audio)")
DISCOUNT = re.compile(r"discount|opt_?in|share")
QUALITY_KEYS = ("quality", "quality_mode", "mode", "resolution")
LENGTH_KEYS = ("duration", "duration_seconds", "seconds", "length")
SOUND_KEYS = ("sound", "audio", "with_sound", "with_audio")
UNIT_KEYS = ("unit", "type", "billing", "basis")


@dataclass
class _Found:
    rates: list[Rate] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    understood: bool = True


def read_price(stated: JsonValue, quality_modes: Sequence[str]) -> tuple[tuple[Rate, ...], dict[str, Any]]:
    """Return the rates of a stated price, and further facts by the names of the fields of `Price`."""
    found = _Found()
    _read(stated, Rate(Decimal(0)), {fold(mode): mode for mode in quality_modes}, found)
    return tuple(dict.fromkeys(found.rates)), {**found.facts, "understood": found.understood}


def with_facts(rates: Sequence[Rate], facts: dict[str, Any]) -> Price:
    """Return the price with these rates and those facts that are fields of `Price`."""
    names = ("sound_factor", "share_discount", "understood")
    return Price(tuple(rates), **{name: facts[name] for name in names if name in facts})


def _read(stated: JsonValue, so_far: Rate, qualities: dict[str, str], found: _Found) -> None:
    if isinstance(stated, dict):
        so_far, stated = _row(stated, so_far, qualities)
    if isinstance(stated, (dict, list)):
        for key, value in children(stated):
            _read_entry("" if isinstance(stated, list) else fold(key), value, so_far, qualities, found)
    elif stated is not None:
        _read_leaf(stated, so_far, found)


def _read_entry(key: str, value: JsonValue, so_far: Rate, qualities: dict[str, str], found: _Found) -> None:
    if FACTOR.fullmatch(key):
        found.facts["sound_factor"] = as_decimal(value) or Decimal(1)
    elif DISCOUNT.search(key):
        if (discount := as_whole(value)) is not None:
            found.facts["share_discount"] = discount
    elif key not in IGNORED:
        rate = _said_by(key, so_far, qualities)
        if rate is not None:
            _read(value, rate, qualities, found)
        elif as_decimal(value) or isinstance(value, (dict, list)):
            found.understood = False


def _read_leaf(stated: JsonValue, so_far: Rate, found: _Found) -> None:
    amount = as_decimal(PER_SECOND.sub("", fold(stated)).replace("_", " ") if isinstance(stated, str) else stated)
    if amount is None:
        found.understood = False
        return
    per_second = so_far.per_second or (isinstance(stated, str) and PER_SECOND.search(fold(stated)) is not None)
    found.rates.append(replace(so_far, credits=amount, per_second=per_second))


def _said_by(key: str, so_far: Rate, qualities: dict[str, str]) -> Rate | None:
    """Return the rate with what a key says; None if a part of the key is not understood."""
    rate = so_far
    if PER_SECOND.search(key):
        rate, key = replace(rate, per_second=True), PER_SECOND.sub("_", key)
    if SILENT.search(key):
        rate, key = replace(rate, sound=False), SILENT.sub("_", key)
    elif SOUND.search(key):
        rate, key = replace(rate, sound=True), SOUND.sub("_", key)
    for spelling in sorted(qualities, key=len, reverse=True):
        within = re.compile(rf"(?<![a-z0-9]){re.escape(spelling)}(?![a-z0-9])")
        if within.search(key):
            rate, key = replace(rate, quality=qualities[spelling]), within.sub("_", key)
            break
    length = LENGTH.search(key)
    if length is not None:
        rate, key = replace(rate, duration=int(length[1])), LENGTH.sub("_", key, count=1)
    return rate if SAYS_NOTHING.issuperset(filter(None, key.split("_"))) else None


def _row(stated: JsonObject, so_far: Rate, qualities: dict[str, str]) -> tuple[Rate, JsonObject]:
    """Split a row such as `{"quality": "pro", "duration": 5, "credits": 100}` into its conditions and the rest."""
    rest, rate = dict(stated), so_far
    for key, value in stated.items():
        if isinstance(value, str) and fold(key) in QUALITY_KEYS and fold(value) in qualities:
            rate = replace(rate, quality=qualities[fold(value)])
        elif fold(key) in LENGTH_KEYS and (seconds := as_whole(value)) is not None:
            rate = replace(rate, duration=seconds)
        elif fold(key) in SOUND_KEYS and isinstance(value, bool):
            rate = replace(rate, sound=value)
        elif fold(key) in UNIT_KEYS and isinstance(value, str) and PER_SECOND.search(fold(value)):
            rate = replace(rate, per_second=True)
        elif PER_SECOND.fullmatch(fold(key)) and isinstance(value, bool):
            rate = replace(rate, per_second=value)
        else:
            continue
        del rest[key]
    return rate, rest
