"""The settings of a guild: their names, types and defaults. Moderators choose them on the panel of `/settings`.

A setting is stored as JSON under its name. `GuildSettings` has one field for each name, with the default of a guild in
which nobody chose anything.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.json_value import JsonValue

SLUG_MAX = 200
"""Characters of the longest slug of a model."""


class GuildSetting(StrEnum):
    """The name of a setting, in the database, in the audit log, on the panel and in the documentation."""

    DEFAULT_MODEL = "default_model"
    """The slug of the model that is used where a member names none; None lets the member choose."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What is in force in a guild."""

    default_model: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """What a moderator chose, as it is stored. `changed_at` is in seconds since the epoch."""

    value: JsonValue
    changed_at: float
    actor_id: int


def read_settings(stored: Mapping[str, JsonValue]) -> tuple[GuildSettings, tuple[str, ...]]:
    """Read stored values by name. Returns the settings, and the names of those that are not understood.

    A setting that is not understood has its default. A newer version may have stored it.
    """
    values: dict[str, object] = {}
    ignored = []
    for name, value in stored.items():
        try:
            values[GuildSetting(name)] = read_value(GuildSetting(name), value)
        except ValueError:
            ignored.append(name)
    return GuildSettings(**values), tuple(ignored)  # type: ignore[arg-type]  # each reader returns its field's type


def read_value(setting: GuildSetting, value: JsonValue) -> object:
    """Return a stored value as the type of its field. Raises ValueError for what the setting cannot be."""
    return _READERS[setting](value)


def stored_value(settings: GuildSettings, setting: GuildSetting) -> JsonValue:
    """Return the value of a setting as it is stored."""
    value: JsonValue = getattr(settings, setting)
    return value


def fingerprint(value: JsonValue) -> str:
    """Return eight characters that tell one value from another. A panel carries them to show what it was drawn from."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _optional_slug(value: JsonValue) -> str | None:
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= SLUG_MAX):
        raise ValueError("not the slug of a model")
    return value


_READERS: Mapping[GuildSetting, Callable[[JsonValue], object]] = {
    GuildSetting.DEFAULT_MODEL: _optional_slug,
}
