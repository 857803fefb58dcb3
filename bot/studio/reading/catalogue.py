"""Reads the models of a catalogue answer.

The documentation does not state the answer's format. Models are therefore recognised wherever they are: in a list,
under any key, keyed by slug, or grouped by engine.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.capabilities import Capability, Catalogue, Skipped
from bot.domain.json_value import JsonValue
from bot.studio.reading.lenient import DEPTH_MAX, children, first, text
from bot.studio.reading.model import ENGINE, NAME, SLUG, Unreadable, read_model, says_something

WRAPPERS = frozenset(("models", "data", "results", "items", "engines", "families", "video", "videos", "catalogue"))


@dataclass(frozen=True, slots=True)
class _Entry:
    value: JsonValue
    name: str
    slug: str | None
    engine: str | None


def read_catalogue(answer: JsonValue) -> Catalogue:
    """Read a catalogue answer. Never raises: entries that cannot be understood are listed in `skipped`."""
    models: dict[str, Capability] = {}
    skipped: list[Skipped] = []
    for entry in _entries(answer, None, None, DEPTH_MAX):
        if not isinstance(entry.value, dict):
            skipped.append(Skipped(entry.name, "it is not an object"))
            continue
        try:
            model = read_model(entry.value, entry.slug, entry.engine)
        except Unreadable as reason:
            skipped.append(Skipped(text(first(entry.value, *SLUG)) or entry.name, str(reason)))
            continue
        if model.slug in models:
            skipped.append(Skipped(model.slug, "it stands in the answer twice; the first is used"))
        models.setdefault(model.slug, model)
    ordered = tuple(models[slug] for slug in sorted(models))
    return Catalogue(_version(ordered), ordered, tuple(skipped))


def _version(models: tuple[Capability, ...]) -> str:
    # Models are frozen dataclasses of plain values, sorted by slug, so equal catalogues have equal text.
    return hashlib.sha256(repr(models).encode()).hexdigest()[:16]


def _is_model(value: JsonValue) -> bool:
    # A number of credits alone may be something else, such as the account's balance.
    if not isinstance(value, dict) or not says_something(value):
        return False
    return first(value, *SLUG, *NAME) is not None or says_something(value, besides_price=True)


def _entries(answer: JsonValue, key: str | None, engine: str | None, depth: int) -> Iterator[_Entry]:
    """Yield every entry that should be a model; `engine` is that of the group that contains it."""
    if depth == 0:
        return
    inner = _inner(answer)
    lists_models = _lists_models(answer, [value for _, value in inner])
    inner_engine = _engine_of_group(answer) or engine or key
    for name, value in inner:
        if lists_models or _is_model_with_slug(value):
            slug = name if lists_models and isinstance(answer, dict) else None
            yield _Entry(value, name, slug, engine or key)
        elif isinstance(value, (dict, list)):
            group = None if name.startswith("#") or name.lower() in WRAPPERS else name
            yield from _entries(value, group, inner_engine, depth - 1)


def _inner(answer: JsonValue) -> list[tuple[str, JsonValue]]:
    """Return all values of a list, and those values of an object that can be or contain models."""
    return [
        (name, value) for name, value in children(answer) if isinstance(answer, list) or isinstance(value, (dict, list))
    ]


def _lists_models(answer: JsonValue, inner: Sequence[JsonValue]) -> bool:
    """Tell whether every value should be a model: in a list with any model, or an object with mostly models."""
    models = sum(map(_is_model, inner))
    return models > 0 if isinstance(answer, list) else models * 2 > len(inner)


def _is_model_with_slug(value: JsonValue) -> bool:
    return isinstance(value, dict) and _is_model(value) and first(value, *SLUG) is not None


def _engine_of_group(answer: JsonValue) -> str | None:
    return text(first(answer, *ENGINE, *NAME)) if isinstance(answer, dict) else None
