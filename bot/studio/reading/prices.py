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
from bot.studio.reading.lenient import as_decimal, as_whole, children, fold, texts
from bot.studio.reading.stated import Stated

# fmt: off
SAYS_NOTHING = frozenset((
    "base", "default", "flat", "fixed", "standard", "total", "amount", "credit", "credits", "price", "prices",
    "pricing", "cost", "costs", "rate", "rates", "tier", "tiers", "table", "by", "per", "for", "in", "of", "video",
    "render", "generation", "quality", "qualities", "mode", "modes", "duration", "durations", "length", "resolution",
    "options", "each", "clip", "request", "values", "choices", "list", "charge", "charged", "model", "starting", "from",
))
IGNORED = frozenset((
    "currency", "unit", "units", "type", "note", "notes", "description", "label", "minimum", "maximum",
))
# fmt: on
PER_SECOND = re.compile(r"(?:per|/)_*s(?:ec(?:ond)?s?)?(?![a-z])|by_second")
SILENT = re.compile(r"without_(?:sound|audio)|no_(?:sound|audio)|(?:sound|audio)_off|silent|mute")
SOUND = re.compile(r"(?:with_)?(?:sound|audio)(?:_on)?")
LENGTH = re.compile(r"(?<![a-z0-9])(\d+)_*(?:s|secs?|seconds?)?(?![a-z0-9])")
PRICE = (
    *("credits", "pricing", "price", "prices", "cost", "costs", "credit_cost", "credits_cost", "credit_price"),
    *("credit_costs", "credit_pricing", "base_cost", "base_price"),
)
"""Keys of a price. `credits` is on the documented model card."""
WORDS_CHARACTERS_MAX = 500
"""Longest text that is read as a price."""
FACTOR = re.compile(r"(?:sound|audio)_(?:multiplier|factor)|(?:multiplier|factor)_(?:with_)?(?:sound|audio)")
DISCOUNT = re.compile(r"discount|opt_?in|share")
QUALITY_KEYS = ("quality", "quality_mode", "mode", "resolution")
LENGTH_KEYS = ("duration", "duration_seconds", "seconds", "length")
SOUND_KEYS = ("sound", "audio", "with_sound", "with_audio")
UNIT_KEYS = ("unit", "type", "billing", "basis")

_PRICED = re.compile(r"credit|price|cost")
_PARTS = re.compile(r"[;\n]|,(?!\d{3}\b)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNITS = re.compile(r"(?<=\d)(?:/|[a-z])+", re.IGNORECASE)


@dataclass
class _Found:
    rates: list[Rate] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    understood: bool = True


def price_in(stated: Stated) -> JsonValue:
    """Return everything that an entry states about its price; None if it states nothing.

    That is the value of the price key, or else all keys that contain "credits", such as `credits_per_second`. Lists of
    quality modes and durations may have prices too: `[{"key": "std", "credits_per_second": 20}]`.
    """
    found = stated.first(*PRICE)
    if found is not None:
        stated.understood(found[0])
        if found[1] is not True:
            return found[1]
    keys = {key: value for key, value in stated.items() if "credits" in key and not key.startswith("supports")}
    rows = [row for key, value in stated.items() for row in _priced_rows(key, value)]
    stated.understood(*keys)
    return [keys, *rows] if keys and rows else keys or rows or None


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
        _read_leaf(stated, so_far, qualities, found)


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


def _priced_rows(key: str, value: JsonValue) -> list[JsonValue]:
    """Return the rows of a list of choices that state a price each."""
    about = "duration" if "duration" in key or "second" in key else "quality"
    rows: list[JsonValue] = []
    for name, entry in children(value):
        if isinstance(entry, dict) and any(_PRICED.search(fold(each)) for each in entry):
            prices = {each: amount for each, amount in entry.items() if _PRICED.search(fold(each))}
            choice = name if isinstance(value, dict) else next(iter(texts([entry]) or ()), None)
            rows.append({about: choice, **prices})
    return rows


def _read_leaf(stated: JsonValue, so_far: Rate, qualities: dict[str, str], found: _Found) -> None:
    if isinstance(stated, str):
        _read_words(stated, so_far, qualities, found)
    elif (amount := as_decimal(stated)) is not None:
        found.rates.append(replace(so_far, credits=amount))
    else:
        found.understood = False


def _read_words(stated: str, so_far: Rate, qualities: dict[str, str], found: _Found) -> None:
    """Read "100 credits", "20 per second", or labelled parts such as "std: 20/s, pro: 30/s"."""
    for part in filter(None, map(str.strip, _PARTS.split(stated[:WORDS_CHARACTERS_MAX]))):
        label, colon, rest = part.partition(":")
        if colon:
            _read_entry(fold(label.strip()), rest.strip(), so_far, qualities, found)
            continue
        amount = as_decimal(_UNITS.sub(" ", part))
        rate = _said_by(fold(_NUMBER.sub("", part, count=1).strip()), so_far, qualities)
        if amount is None or rate is None:
            found.understood = False
        else:
            found.rates.append(replace(rate, credits=amount))


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
