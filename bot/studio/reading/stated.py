"""The facts that an entry of an answer states, with a record of which of them were understood."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.lenient import NAME_CHARACTERS_MAX, children, first, fold, text

T = TypeVar("T")

HOLDERS = (
    *("attributes", "capabilities", "constraints", "limits", "options", "features", "parameters", "params", "supports"),
    *("config", "configuration", "spec", "specs", "settings", "details", "card", "schema", "input_schema"),
    *("properties", "fields", "request", "input", "inputs", "allowed", "supported", "model"),
)
"""Keys of inner objects whose facts are the entry's own."""
DEPTH_MAX = 3
"""Depth to which holders are searched inside holders."""
UNUSED_MAX = 50
"""Most keys of one model that are reported as unused."""
DESCRIPTOR_NAMES = ("name", "field", "key", "parameter", "id")
"""Keys of the name in a list of descriptions, such as `[{"name": "duration_seconds", "options": [5, 10]}]`."""


class Stated:
    """An entry's facts by folded key. Facts of inner objects are included; outer facts win over inner ones."""

    def __init__(self, entry: JsonObject) -> None:
        """Collect the facts of `entry`. Null states nothing."""
        self._values: dict[str, JsonValue] = {}
        self._paths: dict[str, str] = {}
        self._understood: set[str] = set()
        for path, key, value in _facts(entry, "", DEPTH_MAX):
            if value is not None and key not in self._values:
                self._values[key] = value
                self._paths[key] = path

    def __contains__(self, key: str) -> bool:
        """Tell whether the fact is stated."""
        return key in self._values

    def read(self, reader: Callable[[JsonValue], T | None], *spellings: str) -> T | None:
        """Return what `reader` makes of the first of these facts that it understands; None if it understands none."""
        for key in spellings:
            if key in self._values and (reading := reader(self._values[key])) is not None:
                self._understood.add(key)
                return reading
        return None

    def first(self, *spellings: str) -> tuple[str, JsonValue] | None:
        """Return the first of these facts that is stated, with its key."""
        return next(((key, self._values[key]) for key in spellings if key in self._values), None)

    def understood(self, *keys: str) -> None:
        """Note that these facts were understood."""
        self._understood.update(keys)

    def items(self) -> Iterator[tuple[str, JsonValue]]:
        """Yield all facts."""
        yield from self._values.items()

    def unused(self) -> tuple[str, ...]:
        """Return the paths of the facts that were not understood, in the answer's order."""
        unused = [key for key in self._values if key not in self._understood and not self._was_searched(key)]
        return tuple(text(self._paths[key], NAME_CHARACTERS_MAX) or "?" for key in unused[:UNUSED_MAX])

    def _was_searched(self, key: str) -> bool:
        """Tell whether the value is an inner object, whose facts were collected."""
        return key in HOLDERS and isinstance(_described(self._values[key]), dict)


def _facts(entry: JsonObject, path: str, depth: int) -> Iterator[tuple[str, str, JsonValue]]:
    """Yield path, folded key and value of each fact, outer facts first."""
    folded = {fold(key): value for key, value in entry.items()}
    for key in entry:
        yield path + key, fold(key), entry[key]
    for holder in HOLDERS if depth else ():
        held = _described(folded.get(holder))
        if isinstance(held, dict):
            yield from _facts(held, f"{path}{holder}.", depth - 1)


def _described(value: JsonValue) -> JsonValue:
    """Return a list of descriptions as an object with their names as keys; any other value as it is."""
    if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for _, entry in children(value)):
        return value
    named = {text(first(entry, *DESCRIPTOR_NAMES)): entry for entry in value if isinstance(entry, dict)}
    # Descriptions have more than a name; entries such as {"name": "image"} are words of a list.
    if None in named or all(len(entry) < 2 for entry in named.values()):
        return value
    return {str(name): entry for name, entry in named.items()}
