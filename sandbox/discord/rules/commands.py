"""Rules of application commands: https://discord.com/developers/docs/interactions/application-commands."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from sandbox.discord.errors import FormErrors, Path
from sandbox.discord.model import Json
from sandbox.discord.rules.fields import objects, text

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)

COMMANDS_MAX = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15}
COMMAND_CHARACTERS_MAX = 8000
OPTIONS_MAX = CHOICES_MAX = 25
CHOICE_CHARACTERS_MAX = 100


def is_valid_name(name: str) -> bool:
    r"""Return whether a command's or option's name is allowed.

    Discord's pattern is `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where the script has one.
    """
    return 1 <= len(name) <= 32 and name == name.lower() and all(_is_name_character(character) for character in name)


def _is_name_character(character: str) -> bool:
    return (
        character in "-_'"
        or unicodedata.category(character)[0] in "LN"
        or "\u0900" <= character <= "\u097f"  # Devanagari, with its vowel signs
        or "\u0e00" <= character <= "\u0e7f"  # Thai, with its vowel signs
    )


def check_command(errors: FormErrors, command: Json, path: Path) -> None:
    """Note what Discord refuses about a command at `path`."""
    kind = command.get("type") or CHAT_INPUT
    if kind not in COMMANDS_MAX:
        errors.choice((*path, "type"), "1, 2, 3")
    elif kind == CHAT_INPUT:
        _check_name(errors, command, path)
        text(errors, command, "description", path, 1, 100, required=True)
        _check_options(errors, command, path, depth=0)
    else:
        text(errors, command, "name", path, 1, 32, required=True)
        if command.get("description"):
            errors.add(
                (*path, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
                "Context menu commands cannot have description",
            )
        if command.get("options"):
            errors.add(
                (*path, "options"),
                "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID",
                "Context menu commands cannot have options",
            )
    if command_characters(command) > COMMAND_CHARACTERS_MAX:
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({COMMAND_CHARACTERS_MAX})")


def check_unique(errors: FormErrors, commands: Sequence[Json]) -> None:
    """Note names that stand twice within one scope and type. The path is the later one's."""
    seen: set[tuple[int, Any]] = set()
    for index, command in enumerate(commands):
        key = command.get("type") or CHAT_INPUT, command.get("name")
        if key in seen:
            errors.add(
                (index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        seen.add(key)


def command_characters(entry: Json) -> int:
    """Return the characters of all names, descriptions and values. Of a localised text the longest version counts."""
    total = 0
    for key in ("name", "description"):
        versions = [entry.get(key) or "", *(entry.get(f"{key}_localizations") or {}).values()]
        total += max(len(version) for version in versions if isinstance(version, str))
    if isinstance(entry.get("value"), str):
        total += len(entry["value"])
    for key in ("options", "choices"):
        children = entry.get(key)
        if isinstance(children, list):
            total += sum(command_characters(child) for child in children if isinstance(child, dict))
    return total


def _check_name(errors: FormErrors, entry: Json, path: Path) -> None:
    if text(errors, entry, "name", path, 1, 32, required=True) and not is_valid_name(entry["name"]):
        errors.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    for locale, name in (entry.get("name_localizations") or {}).items():
        if not isinstance(name, str) or not is_valid_name(name):
            where = (*path, "name_localizations", locale)
            errors.add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(errors: FormErrors, holder: Json, path: Path, depth: int) -> None:
    """Check the options at one depth: 0 is the command itself, 1 a group or a subcommand, 2 a subcommand in a group."""
    options = objects(errors, holder, "options", path, 0, OPTIONS_MAX)
    kinds = {option.get("type") for _, option in options}
    if kinds & {SUB_COMMAND, SUB_COMMAND_GROUP} and kinds - {SUB_COMMAND, SUB_COMMAND_GROUP}:
        errors.add(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )
    names: set[Any] = set()
    optional_seen = False
    for where, option in options:
        _check_name(errors, option, where)
        text(errors, option, "description", where, 1, 100, required=True)
        if option.get("name") in names:
            errors.add((*where, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique")
        names.add(option.get("name"))
        if option.get("required") and optional_seen:
            errors.add(
                where,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")
        _check_option(errors, option, where, depth)


def _check_option(errors: FormErrors, option: Json, path: Path, depth: int) -> None:
    kind = option.get("type")
    if kind not in range(SUB_COMMAND, ATTACHMENT + 1):
        errors.choice((*path, "type"), ", ".join(str(n) for n in range(SUB_COMMAND, ATTACHMENT + 1)))
    elif kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
        # Groups stand only in the command itself, subcommands there or in a group.
        if depth > (1 if kind == SUB_COMMAND else 0):
            errors.add(
                (*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands may not be nested so deep"
            )
        else:
            _check_options(errors, option, path, depth + (1 if kind == SUB_COMMAND_GROUP else 2))
    else:
        _check_choices(errors, option, path)
        _check_bounds(errors, option, path)


def _check_choices(errors: FormErrors, option: Json, path: Path) -> None:
    kind = option["type"]
    choices = objects(errors, option, "choices", path, 0, CHOICES_MAX)
    if choices and kind not in (STRING, INTEGER, NUMBER):
        errors.add(
            (*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Choices are not allowed for this type"
        )
    if choices and option.get("autocomplete"):
        errors.add(
            path,
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES",
            "Autocomplete options cannot also have choices",
        )
    check_choices(errors, choices, kind)


def check_choices(errors: FormErrors, choices: list[tuple[Path, Json]], kind: int) -> None:
    """Check choices of an option or of an autocomplete answer. `kind` is the option's type."""
    names: set[Any] = set()
    for where, choice in choices:
        text(errors, choice, "name", where, 1, CHOICE_CHARACTERS_MAX, required=True)
        if choice.get("name") in names:
            errors.add(
                (*where, "name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Option choice names must be unique"
            )
        names.add(choice.get("name"))
        value = choice.get("value")
        if value is None:
            errors.required((*where, "value"))
        elif kind == STRING:
            text(errors, choice, "value", where, 1, CHOICE_CHARACTERS_MAX)
        elif isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else (int, float)):
            errors.add((*where, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def _check_bounds(errors: FormErrors, option: Json, path: Path) -> None:
    for low_key, high_key, kinds in (
        ("min_value", "max_value", (INTEGER, NUMBER)),
        ("min_length", "max_length", (STRING,)),
    ):
        low, high = option.get(low_key), option.get(high_key)
        if (low is not None or high is not None) and option["type"] not in kinds:
            errors.add(
                (*path, low_key if low is not None else high_key),
                "APPLICATION_COMMAND_OPTIONS_BOUNDS_INVALID",
                f"{low_key} and {high_key} are not allowed for this type",
            )
        elif low is not None and high is not None and low > high:
            errors.add((*path, low_key), "APPLICATION_COMMAND_OPTIONS_BOUNDS_INVALID", f"{low_key} is above {high_key}")
    for key, low, high in (("min_length", 0, 6000), ("max_length", 1, 6000)):
        value = option.get(key)
        if isinstance(value, int) and not low <= value <= high:
            errors.add((*path, key), "NUMBER_TYPE_RANGE", f"int value should be between {low} and {high}.")
