"""The settings of a guild: their names, types and defaults. Moderators choose them on the panel of `/settings`.

A setting is stored as JSON under its name. `GuildSettings` has one field for each name, with the default of a guild in
which nobody chose anything.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.json_value import JsonValue
from bot.domain.weekly_reel import HOURS, WEEKDAYS

SLUG_MAX = 200
"""Characters of the longest slug of a model."""
COUNT_MAX = 100
"""The highest number that a setting which counts may be."""
HOURS_MAX = 720
"""Hours of the longest time that a setting may be."""
RETENTION_DAYS = range(7, 3_651)
"""Days for which something may be kept."""
LIST_MAX = 1_000
"""Entries of the longest list that a setting may be."""
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class GuildSetting(StrEnum):
    """The name of a setting, in the database, in the audit log, on the panel and in the documentation."""

    DEFAULT_MODEL = "default_model"
    """The slug of the model that is used where a member names none; None lets the member choose."""
    ALLOWED_MODELS = "allowed_models"
    """The slugs of the models that may be used; None allows all, also those that the provider will add."""
    ALLOWED_CHANNELS = "allowed_channels"
    """The ids of the channels and categories in which videos may be asked for; empty allows all."""
    ALLOWED_ROLES = "allowed_roles"
    """The ids of the roles of which a member needs one to ask for videos; empty allows everybody."""
    RESULTS_CHANNEL = "results_channel"
    """The id of the text channel or forum in which videos are posted; None: where they were asked for."""
    LOG_CHANNEL = "log_channel"
    """The id of the channel in which moderators are told what happens; None: nowhere."""
    AGAIN_AND_EDIT = "again_and_edit"
    """Who may repeat a video by the buttons of its message: a ReuseRight."""
    LEETSPEAK = "leetspeak"
    """Whether word lists read digits and signs as letters, too: "b4d" is "bad"."""
    CONTENT_REFUSALS_MAX = "content_refusals_max"
    """Refusals for content by the provider, within a day, that pause a member; None pauses nobody."""
    CONTENT_PAUSE_HOURS = "content_pause_hours"
    """Hours of that pause."""
    RETENTION_DAYS = "retention_days"
    """Days for which prompts and files of ended jobs are kept. No more than the owner's, which None stands for."""
    SHOWCASE_CHANNEL = "showcase_channel"
    """The id of the text channel to which results are forwarded that many people like; None: none."""
    SHOWCASE_LIKES = "showcase_likes"
    """How many people have to like a result for that."""
    WEEKLY_REEL_DAY = "weekly_reel_day"
    """The weekday on which the reel of the week is made, 0 for Monday, in the server's time zone; None: never."""
    WEEKLY_REEL_HOUR = "weekly_reel_hour"
    """The hour at which it is made, 0 to 23."""
    LANGUAGE = "language"
    """The locale of what everybody reads, as "pt-BR"; None: that of the server at Discord."""


class ReuseRight(StrEnum):
    """Who may press *Again* and *Edit prompt* on a video. Moderators always may."""

    EVERYBODY = "everybody"
    REQUESTER = "requester"
    """The member who asked for the video."""
    MODERATORS = "moderators"


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What is in force in a guild."""

    default_model: str | None = None
    allowed_models: frozenset[str] | None = None
    allowed_channels: frozenset[int] = frozenset()
    allowed_roles: frozenset[int] = frozenset()
    results_channel: int | None = None
    log_channel: int | None = None
    again_and_edit: ReuseRight = ReuseRight.EVERYBODY
    leetspeak: bool = False
    content_refusals_max: int | None = 3
    content_pause_hours: int = 24
    retention_days: int | None = None
    showcase_channel: int | None = None
    showcase_likes: int = 5
    weekly_reel_day: int | None = None
    weekly_reel_hour: int = 18
    language: str | None = None
    unreadable: frozenset[str] = frozenset()
    """Names under which something is stored that is not understood. Those settings have their defaults."""

    def allows_model(self, slug: str) -> bool:
        """Tell whether a model may be used here."""
        return self.allowed_models is None or slug in self.allowed_models


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """What a moderator chose, as it is stored. `changed_at` is in seconds since the epoch."""

    value: JsonValue
    changed_at: float
    actor_id: int


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What is in force in a guild, and what was chosen by whom. A setting that is not in `chosen` has its default."""

    settings: GuildSettings
    chosen: Mapping[GuildSetting, StoredSetting]


def read_settings(stored: Mapping[str, StoredSetting]) -> SettingsView:
    """Read what is stored, by name."""
    values: dict[str, Any] = {}
    unreadable = set()
    for name, one in stored.items():
        try:
            values[GuildSetting(name)] = read_value(GuildSetting(name), one.value)
        except ValueError:
            unreadable.add(name)
    chosen = {GuildSetting(name): stored[name] for name in values}
    return SettingsView(GuildSettings(**values, unreadable=frozenset(unreadable)), chosen)


def read_value(setting: GuildSetting, value: JsonValue) -> object:
    """Return a stored value as the type of its field. Raises ValueError for what the setting cannot be."""
    return _READERS[setting](value)


def stored_value(settings: GuildSettings, setting: GuildSetting) -> JsonValue:
    """Return the value of a setting as it is stored."""
    value: Any = getattr(settings, setting)
    stored: JsonValue = sorted(value) if isinstance(value, frozenset) else value
    return stored


def fingerprint(value: JsonValue) -> str:
    """Return eight characters that tell one value from another. A panel carries them to show what it was drawn from."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _slug(value: JsonValue) -> str:
    if not (isinstance(value, str) and 0 < len(value) <= SLUG_MAX):
        raise ValueError("not the slug of a model")
    return value


def _id(value: JsonValue) -> int:
    if not (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63):
        raise ValueError("not an id of Discord's")
    return value


def _optional_id(value: JsonValue) -> int | None:
    return None if value is None else _id(value)


def _switch(value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _whole(value: JsonValue, maximum: int) -> int:
    if not (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= maximum):
        raise ValueError(f"not a whole number from 1 to {maximum}")
    return value


def _optional_count(value: JsonValue) -> int | None:
    return None if value is None else _whole(value, COUNT_MAX)


def _count(value: JsonValue) -> int:
    return _whole(value, COUNT_MAX)


def _one_of(value: JsonValue, choices: range) -> int:
    if not (isinstance(value, int) and not isinstance(value, bool) and value in choices):
        raise ValueError(f"not a whole number from {choices.start} to {choices.stop - 1}")
    return value


def _optional_weekday(value: JsonValue) -> int | None:
    return None if value is None else _one_of(value, WEEKDAYS)


def _hour(value: JsonValue) -> int:
    return _one_of(value, HOURS)


def _hours(value: JsonValue) -> int:
    return _whole(value, HOURS_MAX)


def _list(value: JsonValue) -> list[JsonValue]:
    if not (isinstance(value, list) and len(value) <= LIST_MAX):
        raise ValueError(f"not a list of at most {LIST_MAX} entries")
    return value


def _optional_slug(value: JsonValue) -> str | None:
    return None if value is None else _slug(value)


def _optional_slugs(value: JsonValue) -> frozenset[str] | None:
    return None if value is None else frozenset(map(_slug, _list(value)))


def _ids(value: JsonValue) -> frozenset[int]:
    return frozenset(map(_id, _list(value)))


def _reuse_right(value: JsonValue) -> ReuseRight:
    if not isinstance(value, str):
        raise ValueError("not the name of a right")
    return ReuseRight(value)


def _retention(value: JsonValue) -> int | None:
    if value is not None and (isinstance(value, bool) or value not in RETENTION_DAYS):
        raise ValueError(f"not {RETENTION_DAYS.start} to {RETENTION_DAYS.stop - 1} days")
    return None if value is None else int(str(value))


def _locale(value: JsonValue) -> str | None:
    if value is not None and not (isinstance(value, str) and _LOCALE.fullmatch(value)):
        raise ValueError("not a locale")
    return value


_READERS: Mapping[GuildSetting, Callable[[JsonValue], object]] = {
    GuildSetting.DEFAULT_MODEL: _optional_slug,
    GuildSetting.ALLOWED_MODELS: _optional_slugs,
    GuildSetting.ALLOWED_CHANNELS: _ids,
    GuildSetting.ALLOWED_ROLES: _ids,
    GuildSetting.RESULTS_CHANNEL: _optional_id,
    GuildSetting.LOG_CHANNEL: _optional_id,
    GuildSetting.AGAIN_AND_EDIT: _reuse_right,
    GuildSetting.LEETSPEAK: _switch,
    GuildSetting.CONTENT_REFUSALS_MAX: _optional_count,
    GuildSetting.CONTENT_PAUSE_HOURS: _hours,
    GuildSetting.RETENTION_DAYS: _retention,
    GuildSetting.SHOWCASE_CHANNEL: _optional_id,
    GuildSetting.SHOWCASE_LIKES: _count,
    GuildSetting.WEEKLY_REEL_DAY: _optional_weekday,
    GuildSetting.WEEKLY_REEL_HOUR: _hour,
    GuildSetting.LANGUAGE: _locale,
}
