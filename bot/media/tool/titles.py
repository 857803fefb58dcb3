"""Title cards: words in the middle of a dark picture, in any script."""

import unicodedata
from itertools import groupby

from PIL import Image, ImageDraw

from bot.media.tool.fonts import EMOJI_SIZE, Run, first_direction, font, runs_of, shapes_text

BACKGROUND, FOREGROUND = (16, 16, 20), (240, 240, 240)
CHARACTERS_MAX = 2000
"""Characters of a card that are drawn."""
_WIDTH_SHARE, _HEIGHT_SHARE = 0.84, 0.8
"""How much of the picture the words may take."""
_SIZES = (0.11, 0.09, 0.075, 0.06, 0.05, 0.04)
"""Sizes of the letters that are tried, as shares of the picture's shorter side."""
_SMALL_SIZES = (0.055, 0.045, 0.036)
_LINE_SHARE = 1.35
"""The height of a line, as a share of the letters' size."""
_LETTERS_MIN = 8
"""Pixels of the smallest letters."""
_KEPT_FORMATS = "\u200c\u200d\ufe0f"
"""Characters without a shape of their own that shape their neighbours."""


def title_card(text: str, width: int, height: int, *, small: bool = False) -> Image.Image:
    """Draw a card. Words are made smaller until they fit; what does not fit at all ends in an ellipsis."""
    picture = Image.new("RGB", (width, height), BACKGROUND)
    lines, size = _laid_out(_cleaned(text), width, height, _SMALL_SIZES if small else _SIZES)
    step = round(size * _LINE_SHARE)
    baseline = (height - step * len(lines)) // 2 + round(size * 1.05)
    for line in lines:
        _draw_line(picture, line, size, baseline)
        baseline += step
    return picture


def _cleaned(text: str) -> list[str]:
    """Return the lines of a text without what cannot be drawn."""
    lines = text[:CHARACTERS_MAX].replace("\r\n", "\n").replace("\t", " ").split("\n")
    return [
        "".join(
            character
            for character in line
            if character in _KEPT_FORMATS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
        ).strip()
        for line in lines
    ]


def _laid_out(lines: list[str], width: int, height: int, sizes: tuple[float, ...]) -> tuple[list[str], int]:
    """Return the lines as they are drawn, and the size of their letters."""
    room, size = int(width * _WIDTH_SHARE), _LETTERS_MIN
    wrapped: list[str] = []
    for share in sizes:
        size = max(_LETTERS_MIN, round(min(width, height) * share))
        wrapped = [part for line in lines for part in _wrapped(line, size, room)]
        if len(wrapped) * size * _LINE_SHARE <= height * _HEIGHT_SHARE:
            return wrapped, size
    count = max(1, int(height * _HEIGHT_SHARE / (size * _LINE_SHARE)))
    return [*wrapped[: count - 1], wrapped[count - 1][:-1] + "…"], size


def _wrapped(line: str, size: int, room: int) -> list[str]:
    """Return a line in parts that are not wider than `room`: cut between words, and within those that are too long."""
    parts: list[str] = []
    current = ""
    for word in line.split(" "):
        joined = f"{current} {word}" if current else word
        if _line_width(joined, size) <= room:
            current = joined
            continue
        if current:
            parts.append(current)
        current = word
        while len(current) > 1 and _line_width(current, size) > room:
            length = _fitting_length(current, size, room)
            parts.append(current[:length])
            current = current[length:]
    return [*parts, current]


def _fitting_length(word: str, size: int, room: int) -> int:
    """Return how many of a word's first characters are at most as wide as `room`; at least one."""
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _line_width(word[:middle], size) <= room else (low, middle - 1)
    while low > 1 and (unicodedata.category(word[low])[0] == "M" or word[low] in _KEPT_FORMATS):
        low -= 1
    return low


def _line_width(line: str, size: int) -> float:
    return sum(_run_width(run, size) for run in runs_of(line))


def _run_width(run: Run, size: int) -> float:
    length = font(run.face, size).getlength(run.text, direction=_direction(run))
    return length * size / EMOJI_SIZE if run.face.emoji else length


def _letters(run: Run) -> str:
    """Return a run's text as Pillow takes it. Where it cannot turn a text itself, letters are turned here."""
    return run.text[::-1] if run.rtl and not shapes_text() else run.text


def _direction(run: Run) -> str | None:
    return ("rtl" if run.rtl else "ltr") if shapes_text() else None


def _draw_line(picture: Image.Image, line: str, size: int, baseline: int) -> None:
    runs = _as_seen(runs_of(line), first_direction(line))
    x = (picture.width - sum(_run_width(run, size) for run in runs)) / 2
    for run in runs:
        if run.face.emoji:
            _draw_emoji(picture, run, size, round(x), baseline)
        else:
            ImageDraw.Draw(picture).text(
                (x, baseline), _letters(run), FOREGROUND, font(run.face, size), anchor="ls", direction=_direction(run)
            )
        x += _run_width(run, size)


def _as_seen(runs: list[Run], rtl: bool) -> list[Run]:
    """Return runs from left to right: those that run against the line's direction turn as a group."""
    groups = [list(group) for _, group in groupby(runs, key=lambda run: run.rtl)]
    ordered = [run for group in groups for run in (reversed(group) if group[0].rtl != rtl else group)]
    return ordered[::-1] if rtl else ordered


def _draw_emoji(picture: Image.Image, run: Run, size: int, x: int, baseline: int) -> None:
    """Draw emoji in the one size that they have, and bring them into the size of the letters."""
    letters = font(run.face, size)
    width = max(1, round(letters.getlength(run.text, direction=_direction(run))))
    layer = Image.new("RGBA", (width, EMOJI_SIZE * 3 // 2))
    ImageDraw.Draw(layer).text(
        (0, EMOJI_SIZE), run.text, font=letters, anchor="ls", embedded_color=True, direction=_direction(run)
    )
    scale = size / EMOJI_SIZE
    scaled = layer.resize((max(1, round(width * scale)), max(1, round(layer.height * scale))), Image.Resampling.LANCZOS)
    picture.paste(scaled, (x, baseline - round(EMOJI_SIZE * scale)), scaled)
