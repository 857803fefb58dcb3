"""Word lists in words: what became of added lines, what a dry run found, and why a file cannot be read."""

from collections.abc import Collection, Sequence

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.escaping import code, escape, excerpt
from bot.discord_ui.views.message_limits import fitting_lines
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

FILE_NOT_READ = mark("I could not read that file from Discord. Please try again.")
FILE_TOO_LARGE = mark("That file is larger than 1 MB. A list of 5,000 entries is much smaller.")
NOT_TEXT = mark("That file is not text in UTF-8.")
REFUSED_SHOWN = 5
"""Refused lines that are shown."""
ENTRY_SHOWN = 60
"""Characters of an entry that are shown."""
HOW_TO = mark(
    "One entry a line: a word or a phrase (`bad`, `very bad`), a part of a word (`bad*`, `*bad`, `*bad*`), "
    "or a pattern between slashes (`/ba+d \\d+/`, in the syntax of RE2)."
)
_WHY = {
    EntryProblem.NOTHING_TO_FIND: mark("has no letters or digits"),
    EntryProblem.TOO_LONG: mark("is too long: {characters} characters at most, {pattern_characters} for a pattern"),
    EntryProblem.STAR_INSIDE: mark("has a star elsewhere than at its ends"),
    EntryProblem.TOO_SHORT_FOR_A_STAR: mark("would stop nearly everything: a part of a word needs two letters"),
    EntryProblem.NOT_A_PATTERN: mark("is no pattern that can be searched for"),
    EntryProblem.FINDS_EVERYTHING: mark("finds something in any text, so it would stop everything"),
    EntryProblem.TOO_COSTLY: mark(
        "would make the patterns of this list too large: {instructions} steps at most after compilation"
    ),
    EntryProblem.TOO_MANY_PATTERNS: mark("would be one pattern too many: {patterns} at most"),
    EntryProblem.LIST_FULL: mark("does not fit: a list has {entries} entries at most"),
}
_BOUNDS = {
    "characters": ENTRY_CHARACTERS_MAX,
    "pattern_characters": PATTERN_CHARACTERS_MAX,
    "instructions": INSTRUCTIONS_MAX,
    "patterns": PATTERNS_MAX,
    "entries": ENTRIES_MAX,
}


def added_note(done: Additions) -> str:
    """Return what became of lines that somebody added."""
    lines = [say("✅ Added to the list: {number}.", number=len(done.added))]
    if done.known:
        lines.append(say("On the list before: {number}.", number=done.known))
    if done.refused:
        lines.append(
            say_many("⚠️ Not added: {count} line, because", "⚠️ Not added: {count} lines, because", len(done.refused))
        )
        lines += [f"- {_refused(line)}" for line in done.refused[:REFUSED_SHOWN]]
        if len(done.refused) > REFUSED_SHOWN:
            lines.append(say("- and {number} more", number=len(done.refused) - REFUSED_SHOWN))
    return fitting_lines(lines, 590)


def removed_note(removed: int) -> str:
    """Return what was removed."""
    return say("✅ Removed from the list: {number}.", number=removed)


def dry_run_note(text: str, stops: Sequence[Stop], *, owners_alone: bool = False) -> str:
    """Return what would stop a request with this text."""
    shown = code(text, 100)
    if not stops:
        if owners_alone:
            return say("✅ The list for all servers would not stop this: {text}", text=shown)
        return say("✅ Nothing would stop this: {text}", text=shown)
    stopped = say("🛑 This would be stopped: {text}", text=shown)
    return f"{stopped}\n{_stops(stops)}"


def owners_list(count: int) -> str:
    """Return what the owner's list is, above its file."""
    if not count:
        empty = say("The list for all servers is empty.")
        return f"{empty} {say(HOW_TO)}"
    return say("The list for all servers: {number} of {maximum} entries.", number=count, maximum=ENTRIES_MAX)


def age_restricted_list(names: Sequence[str]) -> str:
    """Return the models that are kept to age-restricted channels."""
    if not names:
        return say("Every model can be used in every channel.")
    lines = fitting_lines([f"- {excerpt(name, 80)}" for name in names], 1_500)
    kept = say("Only in age-restricted channels and the threads under them:")
    return f"{kept}\n{lines}"


def age_restricted_note(name: str, *, on: bool) -> str:
    """Return what holds for a model now."""
    model = f"**{excerpt(name, 80)}**"
    if on:
        return say("{model} can be used in age-restricted channels and the threads under them only.", model=model)
    return say("{model} can be used in every channel.", model=model)


def entry_lines(entries: Collection[str]) -> str:
    """Return entries as a list."""
    return "\n".join(f"- {code(entry, ENTRY_SHOWN)}" for entry in entries)


def _stops(stops: Sequence[Stop]) -> str:
    lines = [
        say("- by {entry} on the owner’s list", entry=code(stop.entry, 100))
        if stop.owners
        else say("- by {entry}", entry=code(stop.entry, 100))
        for stop in stops
    ]
    return fitting_lines(lines, 450)


def _refused(line: RefusedLine) -> str:
    detail = f" ({escape(line.detail[:100])})" if line.detail else ""
    return f"{code(line.line, ENTRY_SHOWN)} {say(_WHY[line.why], **_BOUNDS)}{detail}"
