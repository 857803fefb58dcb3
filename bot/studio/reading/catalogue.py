"""Reads the models of a catalogue answer.

The documentation does not state the answer's format. Models are therefore recognised wherever they are: in a list,
under any key, keyed by slug, or grouped by engine; as objects, or as slugs alone.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.capabilities import Capability, Catalogue, Skipped
from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.documented import BUILT_IN_MODELS, DOCUMENTED_SLUGS
from bot.studio.reading.facts import Unreadable
from bot.studio.reading.lenient import DEPTH_MAX, as_bool, children, first, fold, name_text
from bot.studio.reading.model import ENGINE, NAME, SLUG, read_model, says_something, slug_of
from bot.studio.reading.stated import Stated

MODELS_MAX = 500
"""Most models that are read; Discord has room for far fewer."""
WRAPPERS = frozenset(("models", "data", "results", "items", "engines", "families", "video", "videos", "catalogue"))
"""Keys around lists of models that are no engine's name."""
MODEL_LISTS = frozenset(("models", "slugs", "model_slugs", "video_models", "available_models", "supported_models"))
"""Keys of lists in which even a bare word or a name is a model."""

GROUPS = MODEL_LISTS | {"data", "results", "items", "engines", "families", "catalogue"}
"""Keys that mark an object as a group of models."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*", re.IGNORECASE)
_NO_CARDS: Mapping[str, JsonObject] = {}


@dataclass(frozen=True, slots=True)
class _Entry:
    value: JsonValue
    name: str
    slug: str | None
    engine: str | None


def read_catalogue(answer: JsonValue, cards: Mapping[str, JsonObject] = _NO_CARDS) -> Catalogue:
    """Read a catalogue answer. Never raises: entries that cannot be understood are listed in `skipped`.

    `cards` are the owner's own statements by slug (`bot.studio.models_file`). They correct the answer's models, or add
    models that it does not have.
    """
    models: dict[str, Capability] = {}
    unused: dict[str, tuple[str, ...]] = {}
    own: set[str] = set()
    skipped: list[Skipped] = []
    for number, entry in enumerate([*_entries(answer, None, None, DEPTH_MAX), *_own_entries(cards)]):
        if number >= MODELS_MAX + len(cards):
            skipped.append(
                Skipped(entry.name, f"there are more than {MODELS_MAX} models; it and all after it are left out")
            )
            break
        value = entry.value
        if isinstance(value, str) and _SLUG.fullmatch(value):
            value = {"slug": value}
        if not isinstance(value, dict):
            skipped.append(Skipped(entry.name, "it is not an object"))
            continue
        slug = ""
        try:
            slug = slug_of(Stated(value), entry.slug)
            card = cards.get(slug)
            if card is not None and as_bool(card.get("offered")) is False:
                continue
            model = read_model(value, entry.slug, entry.engine, card)
        except Unreadable as reason:
            skipped.append(Skipped(slug or name_text(first(value, *SLUG)) or entry.name, str(reason)))
            continue
        if slug in models:
            if value:
                skipped.append(Skipped(slug, "it stands in the answer twice; the first is used"))
            continue
        models[slug] = model.capability
        if not value:
            own.add(slug)
        if model.unused:
            unused[slug] = model.unused
    ordered = tuple(models[slug] for slug in sorted(models))
    return Catalogue(_version(ordered), ordered, tuple(skipped), unused, frozenset(own))


def built_in_catalogue(cards: Mapping[str, JsonObject] = _NO_CARDS) -> Catalogue:
    """Return the documented models, with the owner's corrections, for an answer in which no model is understood."""
    return read_catalogue(BUILT_IN_MODELS, cards)


def _own_entries(cards: Mapping[str, JsonObject]) -> Iterator[_Entry]:
    """Yield an empty entry for each of the owner's cards; it counts only if the answer has no such model."""
    for slug in cards:
        yield _Entry({}, slug, slug, None)


def _version(models: tuple[Capability, ...]) -> str:
    # Models are frozen dataclasses of plain values, sorted by slug, so equal catalogues have equal text.
    return hashlib.sha256(repr(models).encode()).hexdigest()[:16]


def _entries(answer: JsonValue, key: str | None, engine: str | None, depth: int) -> Iterator[_Entry]:
    """Yield every entry that should be a model; `engine` is that of the group that contains it."""
    if depth == 0:
        return
    bare = _bare_models(answer, key)
    if bare is not None:
        yield from (_Entry(entry, str(entry["slug"]), None, engine or _group(key)) for entry in bare)
        return
    inner = _inner(answer)
    lists_models = _lists_models(answer, key, [value for _, value in inner])
    inner_engine = _engine_of_group(answer) or engine or _group(key)
    for name, value in inner:
        if lists_models or _is_model_with_slug(value):
            slug = name if lists_models and isinstance(answer, dict) else None
            yield _Entry(value, name, slug, engine or _group(key))
        elif isinstance(value, (dict, list)):
            inner_key = key if isinstance(answer, list) else name
            yield from _entries(value, inner_key, inner_engine, depth - 1)


def _group(key: str | None) -> str | None:
    """Return a key as the name of an engine; None if it only wraps the models."""
    return None if key is None or fold(key) in WRAPPERS | MODEL_LISTS else key


def _inner(answer: JsonValue) -> list[tuple[str, JsonValue]]:
    """Return all values of a list, and those values of an object that can be or contain models."""
    return [
        (name, value) for name, value in children(answer) if isinstance(answer, list) or isinstance(value, (dict, list))
    ]


def _bare_models(answer: JsonValue, key: str | None) -> list[JsonObject] | None:
    """Return entries for models that are slugs alone, or slugs with names; None if the answer is something else.

    `["veo31_fast"]`, `[["veo31_fast", "Veo 3.1 Fast"]]` and `{"veo31_fast": "Veo 3.1 Fast"}` are such models if they
    stand under a key such as `models`, or if a documented model is among them.
    """
    pairs: list[tuple[JsonValue, JsonValue]] = []
    for name, value in children(answer):
        if isinstance(value, list) and len(value) == 2 and isinstance(answer, list):
            pairs.append((value[0], value[1]))
        else:
            pairs.append((value, None) if isinstance(answer, list) else (name, value))
    slugs = [slug for slug, name in pairs if isinstance(slug, str) and (name is None or isinstance(name, str))]
    if len(slugs) < len(pairs) or not all(map(_SLUG.fullmatch, slugs)):
        return None
    in_list_of_models = isinstance(answer, list) and fold(key or "") in MODEL_LISTS
    if not slugs or not (in_list_of_models or DOCUMENTED_SLUGS & set(slugs)):
        return None
    return [{"slug": slug} | ({} if name is None else {"name": name}) for slug, name in pairs]


def _lists_models(answer: JsonValue, key: str | None, inner: Sequence[JsonValue]) -> bool:
    """Tell whether every value should be a model: in a list with any model, or an object with mostly models."""
    models = sum(map(_is_model, inner))
    if isinstance(answer, list):
        named = fold(key or "") in MODEL_LISTS and any(map(_has_strong_slug, inner))
        return models > 0 or named
    return models * 2 > len(inner)


def _is_model(value: JsonValue) -> bool:
    if not isinstance(value, dict) or _contains_models(value):
        return False
    # A number of credits alone may be something else, such as the account's balance.
    if says_something(value):
        return _named(value, *SLUG, *NAME) is not None or says_something(value, besides_price=True)
    return _named(value, *SLUG) in DOCUMENTED_SLUGS


def _contains_models(stated: JsonObject) -> bool:
    """Tell whether an object is a group: it may state facts too, such as limits of all its models."""
    return any(fold(key) in GROUPS and isinstance(inner, (list, dict)) for key, inner in stated.items())


def _has_strong_slug(value: JsonValue) -> bool:
    return isinstance(value, dict) and _named(value, "slug", "model_slug") is not None


def _is_model_with_slug(value: JsonValue) -> bool:
    return isinstance(value, dict) and _is_model(value) and _named(value, *SLUG) is not None


def _named(value: JsonObject, *keys: str) -> str | None:
    return Stated(value).read(name_text, *keys)


def _engine_of_group(answer: JsonValue) -> str | None:
    return name_text(first(answer, *ENGINE, *NAME)) if isinstance(answer, dict) else None
