"""Which font draws which characters: no font has all of them.

Fonts are looked for where systems keep them, and in matplotlib, which brings DejaVu Sans along. What a font can draw is
read in its own table of characters.
"""

import importlib.util
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont, features

_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/share/fonts-droid-fallback"),  # Debian's: its Hangul is outside of the other folder
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
_PREFERRED = ("NotoSans-Bold", "DejaVuSans-Bold", "NotoSans-Regular", "DejaVuSans", "NotoSansCJK-Bold")
"""Names of the files that are tried first, in this order."""
_EMOJI = ("NotoColorEmoji",)
_BOXES = "LastResort"
"""In the name of a font that has a box for every character."""
_FILES_MAX = 2000
"""Files of fonts that are looked at in one folder."""
EMOJI_SIZE = 109
"""Pixels of the pictures in the font of emoji, which come in this size only."""
_VARIATION = "\ufe0f"
"""Makes the character before it an emoji."""
_JOINER = "\u200d"
_FIRST_PICTURE = 0x1F000
"""From here on, characters are pictures by default."""


@dataclass(frozen=True, slots=True)
class Face:
    """A file that holds a font."""

    path: Path | None
    """None: the font that Pillow brings along."""
    emoji: bool = False

    def has(self, character: str) -> bool:
        """Return whether the font can draw a character."""
        return ord(character) in _characters(self.path)


@dataclass(slots=True)
class Run:
    """Neighbouring characters of one font and one direction."""

    text: str
    face: Face
    rtl: bool


def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return a font in a size of pixels; that of emoji has its own size."""
    return _font(face.path, EMOJI_SIZE if face.emoji else size)


def shapes_text() -> bool:
    """Return whether Pillow can shape scripts that join their letters or run from right to left.

    Raqm is in its wheel, and loads the system's FriBiDi.
    """
    return bool(features.check("raqm"))


def runs_of(line: str) -> list[Run]:
    """Return a line's runs, in the order in which they are read.

    A character that no font has keeps its place as an empty box.
    """
    runs: list[Run] = []
    joined = False
    for place, (character, rtl) in enumerate(zip(line, _directions(line), strict=True)):
        attached = joined or _belongs_to_the_one_before(character)
        joined = character == _JOINER
        following = line[place + 1 : place + 2]
        if runs and attached:
            runs[-1].text += character
            continue
        current = runs[-1].face if runs and not runs[-1].face.emoji else None
        face = _face_for(character, current, picture=following == _VARIATION)
        if runs and runs[-1].face == face and runs[-1].rtl == rtl:
            runs[-1].text += character
        else:
            runs.append(Run(character, face, rtl))
    return runs


def first_direction(line: str) -> bool:
    """Return whether a line is read from right to left: its first letter says so."""
    return next((rtl for character in line if (rtl := _direction_of(character)) is not None), False)


def _directions(line: str) -> list[bool]:
    """Return for each character whether it runs from right to left.

    What has no direction of its own runs as its neighbours do; between two that differ, as the line does.
    """
    base = first_direction(line)
    own: list[bool | None] = []
    strong: bool | None = None
    for character in line:
        direction = _direction_of(character)
        strong = strong if direction is None else direction
        # A number belongs to the words from left to right before it.
        own.append(False if strong is False and unicodedata.bidirectional(character) == "EN" else direction)
    after = base
    following: list[bool] = []
    for direction in reversed(own):
        following.append(after)
        after = after if direction is None else direction
    directions: list[bool] = []
    before = base
    for direction, after in zip(own, reversed(following), strict=True):
        before = before if direction is None else direction
        directions.append(before if direction is not None or before == after else base)
    return directions


def _direction_of(character: str) -> bool | None:
    """Return whether a character runs from right to left; None where that is left to its neighbours."""
    direction = unicodedata.bidirectional(character)
    return None if direction not in {"L", "R", "AL"} else direction != "L"


def _belongs_to_the_one_before(character: str) -> bool:
    number = ord(character)
    return (
        character in (_VARIATION, _JOINER)
        or unicodedata.category(character).startswith("M")
        or 0x1F3FB <= number <= 0x1F3FF  # skin tones
        or 0xE0020 <= number <= 0xE007F  # tags of flags
    )


def _face_for(character: str, current: Face | None, *, picture: bool) -> Face:
    if picture or ord(character) >= _FIRST_PICTURE:
        for face in _emoji_faces():
            if face.has(character):
                return face
    if current is not None and current.has(character):
        return current
    return _text_face(character)


@cache
def _text_face(character: str) -> Face:
    for face in (*_text_faces(), *_emoji_faces()):
        if face.has(character):
            return face
    return _text_faces()[0]


@cache
def _text_faces() -> tuple[Face, ...]:
    def rank(path: Path) -> tuple[int, bool, str]:
        stem = path.stem
        place = _PREFERRED.index(stem) if stem in _PREFERRED else len(_PREFERRED)
        odd = any(word in stem for word in ("Serif", "Mono", "Italic", "Oblique", "Condensed", "Light", "Thin"))
        return place, odd, stem

    found = sorted((path for path in _files() if path.stem not in _EMOJI and _BOXES not in path.stem), key=rank)
    return (*map(Face, found), Face(None))


@cache
def _emoji_faces() -> tuple[Face, ...]:
    return tuple(Face(path, emoji=True) for path in _files() if path.stem in _EMOJI)


def _files() -> Iterator[Path]:
    folders = list(_FOLDERS)
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin:
        folders.append(Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf")
    for folder in folders:
        for number, path in enumerate(folder.rglob("*.[to]t[fc]")):
            if number >= _FILES_MAX:
                break
            yield path


@cache
def _characters(path: Path | None) -> frozenset[int]:
    """Return the characters that a font's file has; none where it cannot be read."""
    if path is None:
        return frozenset(range(0x20, 0x7F))
    try:
        with TTFont(path, fontNumber=0, lazy=True) as read:
            return frozenset(read.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, AssertionError):
        return frozenset()


@cache
def _font(path: Path | None, size: int) -> ImageFont.FreeTypeFont:
    if path is None:
        built_in = ImageFont.load_default(size)
        if isinstance(built_in, ImageFont.FreeTypeFont):
            return built_in
        raise OSError("this Pillow has no FreeType")
    return ImageFont.truetype(str(path), size)
