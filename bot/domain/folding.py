"""Fold text so that different ways to write the same word become the same letters.

Compatibility forms (ｂ, 𝐛, ⓑ), case, accents, invisible characters, and letters of other scripts that look like Latin
ones are undone. Which characters look alike is Unicode's data (UTS #39), as the package `confusable-homoglyphs` has it.
"""

import re
import unicodedata
from collections.abc import Callable

from confusable_homoglyphs.confusables import confusables_data

_VOICING = 8
"""The combining class of the marks that tell が from か; all other marks are dropped."""
_IGNORABLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Invisible characters whose category is that of letters or marks (Unicode's Default_Ignorable_Code_Point)."""
_EXPANSION_MAX = 4
"""Characters that one may stand for; the few that stand for more are whole phrases as one sign, read as a blank."""
_BLANK = "\u2800"
"""Braille without dots: a symbol that looks like a space."""
_NAMED = re.compile(
    r"(?:LATIN SMALL LETTER (?=. WITH )|LATIN LETTER SMALL CAPITAL |REGIONAL INDICATOR SYMBOL LETTER "
    r"|(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER )([A-Z])\b"
)
"""Names of characters that are a Latin letter with something to it, which Unicode's data of look-alikes omits."""
_LEETSPEAK = str.maketrans("4@386901!|l$57+2", "aaebggoiiiisstt" + "z")
"""Digits and signs as letters. The letters i and l become one, because 1, ! and | stand for both."""
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts that do not set words apart: Thai, Lao, Burmese, Khmer, kana, and Chinese characters."""
_RUNS = re.compile(f"[{_UNSPACED}]+|[^ {_UNSPACED}]+")


class _Table(dict[int, str]):
    """A table for `str.translate` that works out each character once."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, code: int) -> str:
        """Work out a character and keep it."""
        self[code] = folded = self._of(chr(code))
        return folded


def fold(text: str) -> str:
    """Return text in lower case without accents, look-alikes and invisible characters; every blank is a space.

    Punctuation stays. The time is linear in the text's length: marks are dropped before anything sorts them.
    """
    text = unicodedata.normalize("NFKC", text.translate(_VISIBLE)).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_FOLDED))


def leetspeak(folded: str) -> str:
    """Return folded text with digits and signs read as letters: "b4d" is "bad"."""
    return folded.translate(_LEETSPEAK)


def in_words(folded: str) -> str:
    """Return the words of folded text, each between single spaces, with a space at both ends."""
    return _spaced(folded.translate(_WORDS))


def glued(folded: str) -> str:
    """Return the words of folded text as `in_words` does, with signs inside of a word left out: "b.a-d" is "bad"."""
    return _spaced(folded.translate(_GLUED))


def spelled(words: str) -> str:
    """Return what the words of `in_words` spell letter by letter, each run between spaces: " b a d " is " bad "."""
    runs, run = [], ""
    for word in [*words.split(), ""]:
        if len(word) == 1:
            run += word
        elif run:
            runs.append(run)
            run = ""
    return _between_spaces(runs)


def is_unspaced(character: str) -> bool:
    """Tell whether a character belongs to a script that does not set words apart."""
    return re.fullmatch(f"[{_UNSPACED}]", character) is not None


def _spaced(words: str) -> str:
    return _between_spaces(_RUNS.findall(words))


def _between_spaces(words: list[str]) -> str:
    return f" {' '.join(words)} " if words else ""


def _visible(character: str) -> str:
    if unicodedata.combining(character) not in (0, _VOICING) or character in _IGNORABLE:
        return ""
    if character.isspace() or character == _BLANK or len(unicodedata.normalize("NFKC", character)) > _EXPANSION_MAX:
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def _folded(character: str) -> str:
    return _visible(character) and (_latin(character) or character)


def _latin(character: str) -> str | None:
    """Return the one Latin letter or digit, in lower case, that a character looks like in either case."""
    if character.isascii():
        return character
    for form in (character, character.upper()):
        for alike in confusables_data.get(form, ()):
            letter: str = alike["c"].lower()
            if len(letter) == 1 and letter.isascii() and letter.isalnum():
                return letter
    named = _NAMED.match(unicodedata.name(character, ""))
    return named[1].lower() if named else None


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


_VISIBLE = _Table(_visible)
_FOLDED = _Table(_folded)
_WORDS = _Table(lambda character: character if _is_word(character) else " ")
_GLUED = _Table(lambda character: character if _is_word(character) or character == " " else "")
