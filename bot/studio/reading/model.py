"""Reads one model from its entry in the catalogue answer."""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.domain.capabilities import Audio, Capability, Span
from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.documented import documented_card
from bot.studio.reading.facts import MARKS, READERS, SOUNDS, Unreadable
from bot.studio.reading.inputs import UnreadableInputs, read_inputs, suggested_by
from bot.studio.reading.known_families import known_facts
from bot.studio.reading.lenient import (
    NAME_CHARACTERS_MAX,
    as_bool,
    first,
    fold,
    name_text,
    text,
)
from bot.studio.reading.prices import price_in, read_price, with_facts
from bot.studio.reading.stated import Stated

SLUG = ("slug", "model_slug", "model_id", "id", "model", "key", "code")
NAME = ("display_name", "name", "title", "label", "model_name")
ENGINE = ("engine", "engine_name", "family", "model_family", "group", "provider_model", "vendor")
AVAILABLE = ("enabled", "active", "is_active", "available", "is_available", "is_enabled", "offered")
WITHDRAWN = ("disabled", "is_disabled", "deprecated", "retired", "hidden", "coming_soon")
WITHDRAWN_WORDS = frozenset((
    *("inactive", "disabled", "deprecated", "retired", "unavailable", "coming_soon", "offline", "hidden"),
    *("maintenance", "removed"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A model, and the keys of its entry that were not used."""

    capability: Capability
    unused: tuple[str, ...]


def read_model(
    entry: JsonObject, fallback_slug: str | None, fallback_engine: str | None, card: JsonObject | None = None
) -> ReadModel:
    """Return the model that an entry describes. Raises Unreadable.

    `card` is the owner's own statement about the model. Its facts win over those of the entry.
    """
    stated, own = Stated(entry), Stated(card or {})
    slug = slug_of(stated, fallback_slug)
    if "offered" not in own:
        _check_available(stated)
    stated_name, stated_engine = stated.read(name_text, *NAME), stated.read(_name_of, *ENGINE)
    name = own.read(name_text, *NAME) or stated_name or slug
    stated_engine = own.read(_name_of, *ENGINE) or stated_engine
    engine = stated_engine or name_text(fallback_engine) or name
    if not says_something(entry) and (documented := documented_card(slug, name)) is not None:
        stated, engine = Stated({**documented, **entry}), stated_engine or str(documented["engine"])
        stated.understood(*SLUG, *NAME, *ENGINE)
    elif not says_something(entry) and not says_something(card or {}):
        raise Unreadable("it says nothing about what the model can do")
    known = known_facts(slug, engine, name)
    own_facts = _facts(own)
    facts = _facts(stated, besides=own_facts) | own_facts
    for source in (stated, own):
        rates, price_facts = read_price(price_in(source), facts.get("quality_modes", ()))
        if rates or price_facts.get("understood") is False:
            facts |= {**price_facts, "rates": rates}
    if facts.get("share_discount"):
        facts.setdefault("share", True)
    if (facts.get("orientations") or known.get("orientations")) and (seconds := facts.pop("durations", None)):
        # These lengths are those of the driving clip; a member does not choose one.
        facts["clip_seconds"] = Span(seconds[0], seconds[-1])
    assumed = tuple(sorted(fact for fact, value in known.items() if value and fact not in facts))
    facts = {"description": "", **_suggested(stated), **_suggested(own), **known, **facts}
    price = with_facts(facts.pop("rates", ()), facts)
    fields = {fact: value for fact, value in facts.items() if fact in Capability.__dataclass_fields__}
    capability = Capability(slug=slug, engine=engine, price=price, assumed=assumed, name=name, **fields)
    return ReadModel(capability, stated.unused())


def says_something(entry: JsonObject, *, besides_price: bool = False) -> bool:
    """Tell whether an entry states anything that a model can do, or at least what it costs."""
    stated = Stated(entry)
    if any(key in MARKS for key, _ in stated.items()):
        return True
    return not besides_price and price_in(stated) is not None


def slug_of(stated: Stated, fallback: str | None) -> str:
    """Return the model's slug. Raises Unreadable if there is none, or an odd one.

    A number is taken only if there is nothing else: an entry may have its row's number as `id`, and its slug as the
    key under which it stands (`fallback`), or as its `name`.
    """
    found = stated.read(_not_a_number, *SLUG) or text(fallback, NAME_CHARACTERS_MAX + 1)
    if found is None or found.isdigit():
        found = stated.read(_like_a_slug, "name") or found or stated.read(_long_text, *SLUG)
    if found is None:
        raise Unreadable("it has no slug")
    said = next((value for key, value in stated.items() if key in SLUG and text(value) == text(found)), found)
    if len(found) > NAME_CHARACTERS_MAX or (isinstance(said, str) and said.strip() != found):
        raise Unreadable("its slug is too long, or has characters that cannot be shown")
    return found


def _long_text(value: JsonValue) -> str | None:
    return text(value, NAME_CHARACTERS_MAX + 1)


def _not_a_number(value: JsonValue) -> str | None:
    found = _long_text(value)
    return None if found is None or found.isdigit() else found


def _like_a_slug(value: JsonValue) -> str | None:
    found = _long_text(value)
    return found if found and re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)+", found) else None


def _check_available(stated: Stated) -> None:
    """Raise Unreadable if the provider says that the model is not available."""
    flags = [stated.read(as_bool, key) for key in AVAILABLE] + [
        None if (gone := stated.read(as_bool, key)) is None else not gone for key in WITHDRAWN
    ]
    word = stated.read(lambda value: fold(text(value) or ""), "status", "state", "availability")
    if False in flags or word in WITHDRAWN_WORDS:
        raise Unreadable("the provider says that it is not available")


def _facts(stated: Stated, besides: Collection[str] = ()) -> dict[str, Any]:
    """Return the facts of `Capability` that are stated, without those in `besides`. Raises Unreadable."""
    readers = {fact: read for fact, read in READERS.items() if fact not in besides}
    for fact in besides:
        # Only so that its key does not count as unused: the owner states this fact.
        with suppress(Unreadable, UnreadableInputs):
            READERS[fact](stated)
    try:
        return {fact: value for fact, read in readers.items() if (value := read(stated)) is not None}
    except UnreadableInputs as reason:
        raise Unreadable(str(reason)) from None


def _suggested(stated: Stated) -> dict[str, Any]:
    """Return facts that an entry only hints at. Statements and documented facts win over them."""
    hints = suggested_by(read_inputs(stated))
    if stated.read(as_bool, *SOUNDS):
        hints["audio"] = Audio.OPTIONAL
    return hints


def _name_of(value: JsonValue) -> str | None:
    return name_text(first(value, *NAME, "slug", "id") if isinstance(value, dict) else value)
