"""What is wrong with a catalogue, for translators and for the rule that only a complete language is offered."""

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.discord_ui.language.speaking import LENGTHS

_MARKUP = re.compile(r"`[^`]*`|\*\*|(?m:^(?:### |## |# |-# |> |- ))|\n")
"""Code, bold, headings, quotes, list items and ends of lines: what Discord would show otherwise if it were changed."""
_WORD = re.compile(r"\b[A-Za-z]{3,}\b(?![^{]*\})")
COPIED_WORDS_MIN = 5
"""English words from which a translation that is the same as its original is taken for one that was forgotten."""
_LENGTHS = {str(place): most for place, most in LENGTHS.items()}


def faults(catalogue: Catalog, template: Catalog) -> list[str]:
    """Return what is missing in a catalogue, unused or broken; empty for a language that can be offered."""
    found = [f"unused: {_named(message)}" for message in catalogue if message.id and _known(template, message) is None]
    found += [f"unused: {_named(message)}" for message in catalogue.obsolete.values()]
    for expected in template:
        if not expected.id:
            continue
        message = _known(catalogue, expected)
        if message is None or message.fuzzy or not all(_forms(message)):
            found.append(f"not translated: {_named(expected)}")
        else:
            found += [f"{fault}: {_named(expected)}" for fault in _broken(message, catalogue)]
    return found


def _broken(message: Message, catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translation of one message."""
    originals = list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]
    forms = _forms(message)
    if len(originals) > 1 and len(forms) != catalogue.num_plurals:
        yield f"{len(forms)} plural forms instead of {catalogue.num_plurals}"
    allowed = [placeholders(original) for original in originals]
    for form in forms:
        try:
            named = placeholders(form)
        except ValueError:
            yield "braces that do not pair"
            continue
        if not _fits(named, allowed):
            yield "other placeholders"
        if Counter(_MARKUP.findall(form)) != Counter(_MARKUP.findall(originals[-1])):
            yield "other markdown"
        if form in originals and len(_WORD.findall(form)) >= COPIED_WORDS_MIN:
            yield "a copy of the English"
        if form.strip() != form and originals[-1].strip() == originals[-1]:
            yield "white space around it"
        most = _LENGTHS.get(message.context or "")
        if most is not None and len(form) > most:
            yield f"{len(form)} characters, where Discord takes {most}"


def _fits(named: frozenset[str], allowed: list[frozenset[str]]) -> bool:
    """Tell whether a translation names what its original does.

    A plural form may do without the number: "one server". A number may stand for its ordinal.
    """
    meant = named - {"number"} | {"ordinal"} if "ordinal" in allowed[-1] and "number" in named else named
    return meant in allowed or (len(allowed) > 1 and meant | {"count"} == allowed[-1])


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the placeholders in a message. Raises ValueError for braces that do not pair."""
    found = set()
    for _, name, style, conversion in Formatter().parse(message):
        if name is not None:
            if style or conversion or not name.isidentifier():
                raise ValueError(f"a placeholder is a name in braces, and no more: {message}")
            found.add(name)
    return frozenset(found)


def _known(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id, message.context)


def _forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


def _named(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return f"“{text}”" if message.context is None else f"“{text}” ({message.context})"
