"""Names of the generated commands. A name is given once and remembered for ever.

The rule, for a model that has no name yet:

- The family is the engine's name up to its version: "Kling 3.0" → `/kling`, "Grok Imagine" → `/grok-imagine`.
- The subcommand is the slug without the family: `kling_3_0_motion_control` → `/kling 3-0-motion-control`. A version
  glued to the family goes with it: `veo31_fast` → `/veo fast`. A slug that does not begin with the family says nothing
  to a reader, so the display name stands in: "Veo 3.1 Lite" → `/veo 3-1-lite`.
- A name already taken in the family gets its version back (`/veo 31-fast`), then it is the whole slug, the whole
  display name, and at last has a number.
- A family whose command is full (25 subcommands, or too many characters) goes on in `/kling-2`, `/kling-3`, …
- When there are too many families for Discord's 100 commands, the later ones share `/more`, `/more-2`, …
- A family with the name of one of the bot's own commands is `/help-video`. A name that was given before the bot had
  that command is the only one that ever changes: `/help fast` becomes `/help-video fast`.

New models are named in the order of their slugs, so that a fresh installation gets the same names whatever order the
provider lists them in. A removed model keeps its place: its name is never given to another.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import count
from typing import Protocol, TypeVar

from bot.discord_ui.views.message_limits import COMMANDS_MAX, NAME_MAX, SUBCOMMANDS_MAX, length
from bot.services.commands import CommandName

FAMILY_COMMANDS_MAX = 70
"""Top-level commands for families. The rest of Discord's 100 is for `/more` and the bot's own commands."""
MORE_COMMANDS_MAX = 10
"""Top-level commands that families share when there are too many of them."""
FULL_AT_CHARACTERS = 7_000
"""Characters from which a command takes no new model, so that its models can grow within Discord's 8,000."""

_VERSION = re.compile(r"v?\d+")
_GLUED_VERSION = re.compile(r"v?(\d+)")


class NamedModel(Protocol):
    """The part of a model that naming reads."""

    @property
    def slug(self) -> str:
        """The provider's identifier."""

    @property
    def name(self) -> str:
        """The name for people."""

    @property
    def engine(self) -> str:
        """The name of the engine that makes the video, with its version."""


M = TypeVar("M", bound=NamedModel)


def assign_names(
    models: Iterable[M],
    remembered: Mapping[str, tuple[str, str]],
    *,
    size: Callable[[M], int] = lambda _: 0,
    reserved: Collection[str] = (),
) -> dict[str, CommandName]:
    """Return every name by slug: the remembered ones unchanged, and a new one for each model that had none.

    `size` measures a model's subcommand in characters. `reserved` holds the top-level names of the bot's own commands;
    a remembered name that took one of them gives way. A model for which there is no room is missing from the result.
    """
    models = sorted(models, key=lambda model: model.slug)
    names = _giving_way({slug: CommandName(*name) for slug, name in remembered.items()}, reserved)
    taken: dict[str, set[str]] = defaultdict(set)
    for name in names.values():
        taken[name.command].add(name.subcommand)
    characters: dict[str, int] = defaultdict(int)
    for model in models:
        if model.slug in names:
            characters[names[model.slug].command] += size(model)

    for model in models:
        if model.slug in names:
            continue
        needed = size(model)
        for command in _commands_for(_family(model), taken, frozenset(reserved)):
            crowded = characters[command] and characters[command] + needed > FULL_AT_CHARACTERS
            if crowded or len(taken[command]) >= SUBCOMMANDS_MAX:
                continue
            subcommand = next(name for name in _subcommands_for(model) if name not in taken[command])
            names[model.slug] = CommandName(command, subcommand)
            taken[command].add(subcommand)
            characters[command] += needed
            break
    return names


def slugify(text: str) -> list[str]:
    """Split a text into words of the characters that Discord takes in names: lower case letters and digits."""
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    letters = (
        letter
        if letter.isalnum() and letter == letter.lower()
        else ""
        if unicodedata.category(letter)[0] == "M"
        else " "
        for letter in lowered
    )
    return "".join(letters).split()


def _giving_way(names: Mapping[str, CommandName], reserved: Collection[str]) -> dict[str, CommandName]:
    """Return the names, with those changed that took the name of one of the bot's own commands."""
    kept = {slug: name for slug, name in names.items() if name.command not in reserved}
    taken: dict[str, set[str]] = defaultdict(set)
    for name in kept.values():
        taken[name.command].add(name.subcommand)
    for slug, name in sorted(names.items()):
        if slug in kept:
            continue
        command = next(
            each
            for each in _numbered(_giving_name(name.command))
            if name.subcommand not in taken[each] and len(taken[each]) < SUBCOMMANDS_MAX
        )
        kept[slug] = CommandName(command, name.subcommand)
        taken[command].add(name.subcommand)
    return kept


def _numbered(command: str) -> Iterator[str]:
    yield command
    for number in count(2):
        yield f"{command}-{number}"


def _giving_name(family: str) -> str:
    """Return the command of a family whose name is that of one of the bot's own commands."""
    return f"{family}-video"


def _commands_for(family: str, taken: Mapping[str, Collection[str]], reserved: Collection[str]) -> Iterator[str]:
    """Yield the commands that may take a model: its family's own, their continuations, then the shared ones."""
    in_use = {command for command, subcommands in taken.items() if subcommands}
    more = {command for command in in_use if command == "more" or command.startswith("more-")}
    for base, room in (
        (family, FAMILY_COMMANDS_MAX - len(in_use - more)),
        ("more", MORE_COMMANDS_MAX - len(more)),
    ):
        base_name = _giving_name(base) if base in reserved else base
        for number in range(1, COMMANDS_MAX):
            command = base_name if number == 1 else f"{base_name}-{number}"
            if command not in in_use and room <= 0:
                break
            yield command


def _family(model: NamedModel) -> str:
    words = _family_words(model)
    return _fit("-".join(words) or "video", NAME_MAX - len("-video-99"))


def _family_words(model: NamedModel) -> list[str]:
    """Return the engine's words before its version. A version glued to the last word is cut off."""
    words = slugify(model.engine) or slugify(model.name) or slugify(model.slug)
    family: list[str] = []
    for word in words:
        if _VERSION.fullmatch(word):
            break
        family.append(word)
    if len(family) == 1:
        family = [re.sub(r"(?<=\D\D)v?\d+$", "", family[0])]
    return family or words


def _subcommands_for(model: NamedModel) -> Iterator[str]:
    family = _family_words(model)
    slug, name = slugify(model.slug), slugify(model.name)
    told, version = _without(family, slug)
    if told is None:
        told, version = _without(family, name)
    rest = name if told is None else told
    candidates = ["-".join(rest), "-".join(version + rest), "-".join(slug), "-".join(name), "model"]
    usable = list(dict.fromkeys(_fit(candidate, NAME_MAX) for candidate in candidates if candidate))
    yield from usable
    for number in count(2):
        yield f"{_fit(usable[0], NAME_MAX - len(str(number)) - 1)}-{number}"


def _without(family: list[str], words: list[str]) -> tuple[list[str] | None, list[str]]:
    """Return `words` without the family in front, or None if they begin otherwise, and the version glued to it."""
    if words[: len(family)] == family:
        return words[len(family) :], []
    head = words[: len(family)]
    if len(head) == len(family) and head[:-1] == family[:-1] and head[-1].startswith(family[-1]):
        glued = _GLUED_VERSION.fullmatch(head[-1].removeprefix(family[-1]))
        if glued:
            rest = words[len(family) :]
            # "kling2.1": only the first part of the version was glued, and it belongs to the rest of it.
            return ([glued[1], *rest], []) if rest and _VERSION.fullmatch(rest[0]) else (rest, [glued[1]])
    return None, []


def _fit(name: str, maximum: int) -> str:
    """Cut a name to `maximum` characters, between two words where at least half of `maximum` is left then."""
    if length(name) <= maximum:
        return name
    name = name[: maximum + 1]  # so that a name of any length is cut in a moment
    while length(name) > maximum:
        shorter = name.rpartition("-")[0]
        name = shorter if length(shorter) >= maximum // 2 else name[:-1]
    return name.strip("-")
