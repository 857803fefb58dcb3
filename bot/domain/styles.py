"""Styles: texts that moderators of a guild put around members' prompts, with options that they fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.guild_settings import fingerprint
from bot.domain.json_value import JsonObject
from bot.domain.refusals import Impossible, NotPossible

PLACEHOLDER = "{prompt}"
"""Stands in a template where the member's own words go."""
STYLES_MAX = 25
"""Styles of one guild: as many as a select of Discord's has choices."""
NAME_MAX = 40
"""Characters of a style's name."""
TEMPLATE_MAX = 1_000
"""Characters of a template. The shortest prompt that the provider's models take has 2,500."""
FIXABLE = ("aspect_ratio", "duration", "quality")
"""The options that a style can fix."""
SECONDS_MAX = 600
"""Seconds of the longest video that a style can ask for. No model makes one as long."""
VALUE_MAX = 40
"""Characters of a fixed ratio or quality."""
_RATIO = re.compile(r"[0-9]{1,3}:[0-9]{1,3}|auto", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a style as a request was made with them, whatever became of the style since."""

    name: str
    template: str
    fixed: frozenset[str] = frozenset()
    """The options of the request that the style has set, and not the member."""

    def around(self, prompt: str) -> str:
        """Return the whole prompt: the template with a member's own words in it."""
        return self.template.replace(PLACEHOLDER, prompt.strip()).strip()

    def to_json(self) -> JsonObject:
        """Return all fields as JSON, for storage."""
        return {"name": self.name, "template": self.template, "fixed": [*sorted(self.fixed)]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wording":
        """Return the words that `to_json` wrote."""
        return cls(stored["name"], stored["template"], frozenset(stored["fixed"]))

    @property
    def characters(self) -> int:
        """How many characters the template adds to a prompt."""
        return len(self.template.strip()) - len(PLACEHOLDER)


@dataclass(frozen=True, slots=True)
class StyleDraft:
    """What moderators save: a name, a template that has PLACEHOLDER once, and the options that are fixed, by name."""

    name: str
    template: str
    options: Mapping[str, str | int]

    @property
    def seen(self) -> str:
        """The fingerprint by which a panel knows whether a moderator saw this or something else."""
        return fingerprint([self.name, self.template, dict(self.options)])


@dataclass(frozen=True, slots=True)
class Style:
    """A saved style. `changed_at` is in seconds since the epoch."""

    id: int
    draft: StyleDraft
    actor_id: int
    """Who saved it last."""
    changed_at: float

    @property
    def name(self) -> str:
        """What members choose it by."""
        return self.draft.name


def style_key(name: str) -> str:
    """Return what two spellings of one name share: letter case and spaces do not matter."""
    return " ".join(name.casefold().split())


def read_draft(name: str, template: str, options: Mapping[str, str]) -> StyleDraft:
    """Read a style as a moderator typed it. An option that was left empty is not fixed. Raises NotPossible."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise NotPossible(Impossible.NOT_A_STYLE_NAME, maximum=NAME_MAX)
    template = template.strip()
    if template.count(PLACEHOLDER) != 1:
        raise NotPossible(Impossible.NOT_A_TEMPLATE, count=template.count(PLACEHOLDER))
    if len(template) > TEMPLATE_MAX:
        raise NotPossible(Impossible.TEMPLATE_TOO_LONG, maximum=TEMPLATE_MAX)
    fixed = {option: _read_option(option, typed) for option in FIXABLE if (typed := options.get(option, "").strip())}
    return StyleDraft(name, template, fixed)


def _read_option(option: str, typed: str) -> str | int:
    if option == "duration":
        seconds = typed.casefold().removesuffix("s").strip()
        if not seconds.isascii() or not seconds.isdigit() or not 1 <= int(seconds[:6]) <= SECONDS_MAX:
            raise NotPossible(Impossible.NOT_A_LENGTH, maximum=SECONDS_MAX)
        return int(seconds)
    if len(typed) > VALUE_MAX or (option == "aspect_ratio" and not _RATIO.fullmatch(typed)):
        raise NotPossible(Impossible.NOT_A_RATIO if option == "aspect_ratio" else Impossible.NOT_A_QUALITY)
    return typed
