"""Decide whether a text has something that a word list forbids, in time that grows with the text's length alone.

Words and phrases are searched for all at once by an Aho-Corasick automaton, patterns one by one by RE2, which has no
backtracking. Neither depends on what the entries look like (`bot.domain.word_list` bounds their number).
"""

from collections.abc import Collection, Iterable, Iterator

import ahocorasick

from bot.domain.folding import fold, glued, in_words, is_unspaced, leetspeak, spelled
from bot.domain.word_list import BadEntry, Entry, compiled, read_entry

SPELLED_MIN = 3
"""Letters of the shortest word that is found also where it is spelled letter by letter."""


class Guard:
    """A compiled word list."""

    def __init__(self, lines: Iterable[str], *, leet: bool = False) -> None:
        """Compile the entries of a list. With `leet`, digits and signs are also read as letters."""
        self._leet = leet
        self._patterns: list[tuple[str, str]] = []
        self.unreadable: list[str] = []
        """Entries that are not searched for: another version of RE2 or Unicode took them, and this one does not."""
        in_text: dict[str, str] = {}
        in_letters: dict[str, str] = {}
        for line in lines:
            try:
                entry = read_entry(line)
            except BadEntry:
                self.unreadable.append(line)
                continue
            if entry.pattern is not None:
                self._patterns.append((entry.pattern, entry.text))
                continue
            for words in {entry.words, in_words(leetspeak(entry.words)).strip()} if leet else {entry.words}:
                in_text.setdefault(_needle(entry, words), entry.text)
                letters = words.replace(" ", "")
                if len(letters) >= SPELLED_MIN:
                    in_letters.setdefault(letters, entry.text)
        self._words, self._letters = _automaton(in_text), _automaton(in_letters)

    @property
    def has_patterns(self) -> bool:
        """Whether the list has patterns, which take longer than words."""
        return bool(self._patterns)

    def first(self, texts: Collection[str]) -> str | None:
        """Return an entry that one of the texts has, as it was typed; None where they have none."""
        return next((entry for text in texts for entry in self.matches(text)), None)

    def matches(self, text: str) -> Iterator[str]:
        """Yield the entries that a text has, as they were typed. One entry may come more than once."""
        folded = fold(text)
        yield from self._matches(folded)
        if self._leet:
            yield from self._words_in(leetspeak(folded))

    def _matches(self, folded: str) -> Iterator[str]:
        yield from self._words_in(folded)
        words = in_words(folded).strip()
        for pattern, entry in self._patterns:
            found = compiled(pattern)
            if found.search(folded) or found.search(words):
                yield entry

    def _words_in(self, folded: str) -> Iterator[str]:
        words = in_words(folded)
        for automaton, text in (
            (self._words, words),
            (self._words, glued(folded)),
            (self._letters, spelled(words)),
        ):
            if automaton is not None:
                yield from (entry for _, entry in automaton.iter(text))


def _needle(entry: Entry, words: str) -> str:
    """Return what is searched for between spaces: words with their ends, unless something may stand beside them."""
    begin = "" if entry.opens or is_unspaced(words[0]) else " "
    end = "" if entry.closes or is_unspaced(words[-1]) else " "
    return f"{begin}{words}{end}"


def _automaton(needles: dict[str, str]) -> ahocorasick.Automaton | None:
    if not needles:
        return None
    automaton = ahocorasick.Automaton()
    for needle, entry in needles.items():
        automaton.add_word(needle, entry)
    automaton.make_automaton()
    return automaton
