"""The models in a catalogue answer, whatever the answer is shaped like.

No page states the shape, so this looks for what is recognisably a model: in a list, under any key, by slug, by engine.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.capabilities import Capability, Catalogue, Skipped
from bot.domain.json_value import JsonObject, JsonValue
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
    """Never raises: an answer without any model is an empty catalogue, and what cannot be understood is `skipped`."""
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
    # Frozen dataclasses of plain values: equal models have equal text, and order is fixed by the slug.
    return hashlib.sha256(repr(models).encode()).hexdigest()[:16]


def _is_model(value: JsonValue) -> bool:
    # A number of credits alone can be anything, such as the account's balance beside the list of models.
    if not isinstance(value, dict) or not says_something(value):
        return False
    return first(value, *SLUG, *NAME) is not None or says_something(value, besides_price=True)


def _entries(answer: JsonValue, key: str | None, engine: str | None, depth: int) -> Iterator[_Entry]:
    """Every entry that ought to be a model; `engine` is that of the group in which it stands."""
    if depth == 0:
        return
    inner = [(name, value) for name, value in children(answer) if isinstance(answer, list) or _holds(value)]
    models = sum(_is_model(value) for _, value in inner)
    keyed_by_slug = isinstance(answer, dict) and models * 2 > len(inner)
    is_list_of_models = isinstance(answer, list) and models > 0
    inner_engine = (_group(answer) if isinstance(answer, dict) else None) or engine or key
    for name, value in inner:
        has_slug = isinstance(value, dict) and first(value, *SLUG) is not None
        if is_list_of_models or keyed_by_slug or (_is_model(value) and has_slug):
            yield _Entry(value, name, name if keyed_by_slug else None, engine or key)
        elif _holds(value):
            group = None if name.startswith("#") or name.lower() in WRAPPERS else name
            yield from _entries(value, group, inner_engine, depth - 1)


def _holds(value: JsonValue) -> bool:
    return isinstance(value, (dict, list))


def _group(stated: JsonObject) -> str | None:
    return text(first(stated, *ENGINE, *NAME))
