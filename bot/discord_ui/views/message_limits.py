"""Discord's limits, and texts cut to fit them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
MODAL_TITLE_MAX = 45
TEXT_INPUT_MAX = 4_000
SELECT_DESCRIPTION_MAX = 100


def length(text: str) -> int:
    """Count characters as the strictest reading does: in UTF-16 units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, maximum: int) -> str:
    """Return a text in one line of at most `maximum` characters. An ellipsis marks that it was cut."""
    text = " ".join(text.split())
    if length(text) <= maximum:
        return text
    kept = text[: maximum - 1]
    while length(kept) > maximum - 1:
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
