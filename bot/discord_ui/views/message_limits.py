"""Discord's limits, and texts cut to fit them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ALTERNATIVE_TEXT_MAX = 1_024
"""Characters of the description of a picture or video."""
NAME_MAX = 32
DESCRIPTION_MAX = 100
CHOICES_MAX = 25
CHOICE_MAX = 100
OPTIONS_MAX = 25
SUBCOMMANDS_MAX = 25
COMMANDS_MAX = 100
COMMAND_CHARACTERS_MAX = 8_000
CONTENT_MAX = 2_000
CUSTOM_ID_MAX = 100
DISPLAYED_CHARACTERS_MAX = 4_000
FORUM_TAG_MAX = 20
FORUM_TITLE_MAX = 100
MODAL_TITLE_MAX = 45
PLACEHOLDER_MAX = 100
TEXT_INPUT_MAX = 4_000
SELECT_DESCRIPTION_MAX = 100


_HIDDEN = re.compile(
    "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f"  # control characters that are no white space
    "\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]"
)
_JOINERS = re.compile("(?<![^\\x00-\\x7f])[\\u200c\\u200d]|[\\u200c\\u200d](?![^\\x00-\\x7f])")


def length(text: str) -> int:
    """Count characters as the strictest reading does: in UTF-16 units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return a text without control characters that hide something or turn the direction of what follows.

    Joiners stay between letters of other scripts and between emoji, where they are needed.
    """
    return _JOINERS.sub("", _HIDDEN.sub("", text))


def cut(text: str, maximum: int) -> str:
    """Return a text, cleaned, in one line of at most `maximum` characters. An ellipsis marks that it was cut."""
    text = " ".join(clean(text).split())
    if length(text) <= maximum:
        return text
    kept = text[: maximum - 1]
    while kept and length(kept) > maximum - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def cut_lines(text: str, maximum: int) -> str:
    """Return a text of at most `maximum` characters with its lines kept. An ellipsis marks that it was cut."""
    if length(text) <= maximum:
        return text
    kept = text[: maximum - 1]
    while kept and length(kept) > maximum - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def fitting_lines(lines: Iterable[str], room: int) -> str:
    """Return the first of the lines that have room together, each whole."""
    kept = []
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def command_characters(payload: Mapping[str, Any]) -> int:
    """Count the characters of a command's payload, or of a part of one, that Discord limits to 8,000.

    Every name, description and choice value counts, also in subcommands, options and choices. Of a text and its
    translations, the longest counts.
    """
    total = _longest(payload, "name") + _longest(payload, "description")
    if "value" in payload:
        total += length(str(payload["value"]))
    parts: Sequence[Mapping[str, Any]] = [*payload.get("options", ()), *payload.get("choices", ())]
    return total + sum(command_characters(part) for part in parts)


def _longest(payload: Mapping[str, Any], key: str) -> int:
    texts = [payload.get(key) or "", *(payload.get(f"{key}_localizations") or {}).values()]
    return max(length(text) for text in texts)
