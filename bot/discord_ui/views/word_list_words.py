"""Word lists in words: what became of added lines, what a dry run found, and why a file cannot be read."""

from collections.abc import Collection, Sequence

from bot.discord_ui.views.escaping import code, escape, excerpt
from bot.discord_ui.views.message_limits import fitting_lines
from bot.discord_ui.views.words import counted
from bot.domain.moderation import Stop
from bot.domain.word_list import (
    ENTRIES_MAX,
    ENTRY_CHARACTERS_MAX,
    INSTRUCTIONS_MAX,
    PATTERN_CHARACTERS_MAX,
    PATTERNS_MAX,
    Additions,
    EntryProblem,
    RefusedLine,
)

FILE_NOT_READ = "I could not read that file from Discord. Please try again."
FILE_TOO_LARGE = "That file is larger than 1 MB. A list of 5,000 entries is much smaller."
NOT_TEXT = "That file is not text in UTF-8."
REFUSED_SHOWN = 5
"""Refused lines that are shown."""
ENTRY_SHOWN = 60
"""Characters of an entry that are shown."""
HOW_TO = (
    "One entry a line: a word or a phrase (`bad`, `very bad`), a part of a word (`bad*`, `*bad`, `*bad*`), "
    "or a pattern between slashes (`/ba+d \\d{2}/`, in the syntax of RE2)."
)
_WHY = {
    EntryProblem.NOTHING_TO_FIND: "has no letters or digits",
    EntryProblem.TOO_LONG: (
        f"is too long: {ENTRY_CHARACTERS_MAX} characters at most, {PATTERN_CHARACTERS_MAX} for a pattern"
    ),
    EntryProblem.STAR_INSIDE: "has a star elsewhere than at its ends",
    EntryProblem.TOO_SHORT_FOR_A_STAR: "would stop nearly everything: a part of a word needs two letters",
    EntryProblem.NOT_A_PATTERN: "is no pattern that can be searched for",
    EntryProblem.FINDS_EVERYTHING: "finds something in any text, so it would stop everything",
    EntryProblem.TOO_COSTLY: (
        f"would make the patterns of this list too large: {INSTRUCTIONS_MAX:,} steps at most after compilation"
    ),
    EntryProblem.TOO_MANY_PATTERNS: f"would be one pattern too many: {PATTERNS_MAX} at most",
    EntryProblem.LIST_FULL: f"does not fit: a list has {ENTRIES_MAX:,} entries at most",
}


def added_note(done: Additions) -> str:
    """Return what became of lines that somebody added."""
    lines = [f"✅ Added to the list: {len(done.added):,}."]
    if done.known:
        lines.append(f"On the list before: {done.known:,}.")
    if done.refused:
        lines.append(f"⚠️ Not added: {counted(len(done.refused), 'line')}, because")
        lines += [f"- {_refused(line)}" for line in done.refused[:REFUSED_SHOWN]]
        if len(done.refused) > REFUSED_SHOWN:
            lines.append(f"- and {len(done.refused) - REFUSED_SHOWN:,} more")
    return fitting_lines(lines, 590)


def removed_note(removed: int) -> str:
    """Return what was removed."""
    return f"✅ Removed from the list: {removed:,}."


def dry_run_note(text: str, stops: Sequence[Stop], *, owners_alone: bool = False) -> str:
    """Return what would stop a request with this text."""
    shown = code(text, 100)
    if not stops:
        whose = "The list for all servers would not stop" if owners_alone else "Nothing would stop"
        return f"✅ {whose} this: {shown}"
    return f"🛑 This would be stopped: {shown}\n{_stops(stops)}"


def owners_list(count: int) -> str:
    """Return what the owner's list is, above its file."""
    if not count:
        return f"The list for all servers is empty. {HOW_TO}"
    return f"The list for all servers: {count:,} of {ENTRIES_MAX:,} entries."


def age_restricted_list(names: Sequence[str]) -> str:
    """Return the models that are kept to age-restricted channels."""
    if not names:
        return "Every model can be used in every channel."
    lines = fitting_lines([f"- {excerpt(name, 80)}" for name in names], 1_500)
    return f"Only in age-restricted channels and the threads under them:\n{lines}"


def age_restricted_note(name: str, *, on: bool) -> str:
    """Return what holds for a model now."""
    model = f"**{excerpt(name, 80)}**"
    if on:
        return f"{model} can be used in age-restricted channels and the threads under them only."
    return f"{model} can be used in every channel."


def entry_lines(entries: Collection[str]) -> str:
    """Return entries as a list."""
    return "\n".join(f"- {code(entry, ENTRY_SHOWN)}" for entry in entries)


def _stops(stops: Sequence[Stop]) -> str:
    lines = [f"- by {code(stop.entry, 100)}{' on the owner’s list' if stop.owners else ''}" for stop in stops]
    return fitting_lines(lines, 450)


def _refused(line: RefusedLine) -> str:
    detail = f" ({escape(line.detail[:100])})" if line.detail else ""
    return f"{code(line.line, ENTRY_SHOWN)} {_WHY[line.why]}{detail}"
