r"""Entries of a word list as people type them: words, phrases, and patterns, with their limits.

    bad                 a word
    very bad            a phrase
    bad*  *bad  *bad*   words that begin with it, end with it, contain it
    /ba+d \d{2}/         a pattern in RE2's syntax

The stars are those of Discord's own AutoMod, which moderators know.
"""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import re2

from bot.domain.folding import fold, in_words

ENTRIES_MAX = 5_000
"""Entries of one list."""
ENTRY_CHARACTERS_MAX = 100
"""Characters of a word or phrase."""
PATTERN_CHARACTERS_MAX = 260
"""Characters of a pattern, as in Discord's own AutoMod."""
PATTERNS_MAX = 100
"""Patterns of one list."""
INSTRUCTIONS_MAX = 2_000
"""Instructions of all patterns of one list after RE2 has compiled them. The time of a search is at most this number
times the length of the text, whatever the patterns are."""
_PATTERN_BYTES_MAX = 1 << 20
"""Bytes that RE2 may use for one pattern. A pattern that needs more is not compiled."""
_HARMLESS = ("a", "5", "a lighthouse at dusk")
"""A pattern that finds something in each of these would stop everything."""


class EntryProblem(StrEnum):
    """Why a line cannot be an entry."""

    NOTHING_TO_FIND = "nothing_to_find"
    """It has no letters or digits."""
    TOO_LONG = "too_long"
    """More than ENTRY_CHARACTERS_MAX or PATTERN_CHARACTERS_MAX characters."""
    STAR_INSIDE = "star_inside"
    """A star stands elsewhere than at the ends."""
    TOO_SHORT_FOR_A_STAR = "too_short_for_a_star"
    """A part of a word with fewer than two characters would stop nearly everything."""
    NOT_A_PATTERN = "not_a_pattern"
    """RE2 does not take it: a mistake, or something that cannot be searched for in linear time."""
    FINDS_EVERYTHING = "finds_everything"
    """The pattern finds something in any text."""
    TOO_COSTLY = "too_costly"
    """The patterns of the list would have more than INSTRUCTIONS_MAX instructions."""
    TOO_MANY_PATTERNS = "too_many_patterns"
    """The list would have more than PATTERNS_MAX patterns."""
    LIST_FULL = "list_full"
    """The list would have more than ENTRIES_MAX entries."""


class BadEntry(ValueError):
    """A line that cannot be an entry. `detail` has RE2's words about a pattern, or nothing."""

    def __init__(self, why: EntryProblem, detail: str = "") -> None:
        super().__init__(f"{why} {detail}".rstrip())
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `text` is as it was typed."""

    text: str
    opens: bool = False
    """Whether a word may begin before it: it was typed with a star in front."""
    closes: bool = False
    """Whether a word may go on after it: it was typed with a star at its end."""
    words: str = ""
    """The folded words with single spaces between them; empty for a pattern."""
    pattern: str | None = None
    """What RE2 searches for in folded text; None for words."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not added, and why."""

    line: str
    why: EntryProblem
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Additions:
    """What comes of lines that somebody wants to add."""

    added: tuple[str, ...]
    known: int
    """Lines that the list, or an earlier line, has already."""
    refused: tuple[RefusedLine, ...]


def read_entry(line: str) -> Entry:
    """Read a line. Raises BadEntry."""
    text = " ".join(line.split())
    if len(text) > 2 and text[0] == text[-1] == "/":
        return _read_pattern(text)
    if len(text) > ENTRY_CHARACTERS_MAX:
        raise BadEntry(EntryProblem.TOO_LONG)
    bare = text.removeprefix("*").removesuffix("*")
    if "*" in bare:
        raise BadEntry(EntryProblem.STAR_INSIDE)
    words = in_words(fold(bare)).strip()
    if not words:
        raise BadEntry(EntryProblem.NOTHING_TO_FIND)
    opens, closes = text.startswith("*"), text.endswith("*")
    if (opens or closes) and len(words) < 2:
        raise BadEntry(EntryProblem.TOO_SHORT_FOR_A_STAR)
    return Entry(text, opens, closes, words)


def add_lines(listed: Collection[str], lines: str) -> Additions:
    """Judge what becomes of lines that are added to a list. Empty lines are passed over; the order is kept."""
    patterns = [line for line in listed if read_entry(line).pattern is not None]
    cost = sum(_cost(line) for line in patterns)
    known, repeated = set(listed), 0
    added: list[str] = []
    refused: list[RefusedLine] = []
    for line in filter(None, (raw.strip() for raw in lines.splitlines())):
        try:
            entry = read_entry(line)
            if entry.text in known:
                repeated += 1
                continue
            if len(known) >= ENTRIES_MAX:
                raise BadEntry(EntryProblem.LIST_FULL)
            if entry.pattern is not None:
                if len(patterns) >= PATTERNS_MAX:
                    raise BadEntry(EntryProblem.TOO_MANY_PATTERNS)
                if cost + _cost(entry.text) > INSTRUCTIONS_MAX:
                    raise BadEntry(EntryProblem.TOO_COSTLY)
                patterns.append(entry.text)
                cost += _cost(entry.text)
        except BadEntry as problem:
            refused.append(RefusedLine(line, problem.why, problem.detail))
        else:
            known.add(entry.text)
            added.append(entry.text)
    return Additions(tuple(added), repeated, tuple(refused))


@functools.lru_cache(maxsize=4 * PATTERNS_MAX)
def compiled(pattern: str) -> Any:
    """Return RE2's form of a pattern. Raises BadEntry for one that RE2 does not take."""
    options = re2.Options()
    options.max_mem = _PATTERN_BYTES_MAX
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise BadEntry(EntryProblem.NOT_A_PATTERN, _said(error)) from None


def _read_pattern(text: str) -> Entry:
    if len(text) > PATTERN_CHARACTERS_MAX:
        raise BadEntry(EntryProblem.TOO_LONG)
    # Escapes such as \S are told apart by case, so the pattern itself keeps its case; the search ignores it.
    pattern = "".join(part if part.isascii() else fold(part) for part in text[1:-1])
    found = compiled(pattern)
    if all(found.search(harmless) for harmless in _HARMLESS):
        raise BadEntry(EntryProblem.FINDS_EVERYTHING)
    return Entry(text, pattern=pattern)


def _cost(text: str) -> int:
    entry = read_entry(text)
    return 0 if entry.pattern is None else int(compiled(entry.pattern).programsize)


def _said(error: Exception) -> str:
    words = error.args[0] if error.args else ""
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
