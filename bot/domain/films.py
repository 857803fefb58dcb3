"""The plan of a film: which parts it is joined of, in which format, and how many pictures each part has.

Times of parts are milliseconds. A film's length is the sum of its parts: a fade takes no time of its own, because the
last picture of a part stands while the next one comes up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import TypeAlias

from bot.domain.json_value import JsonObject, JsonValue

LONG_SIDE_MAX, SHORT_SIDE_MAX = 1920, 1080
"""Pixels of a film. Larger clips are made smaller."""
SIDE_MIN = 64
RATES = tuple(
    Fraction(rate)
    for rate in ("12", "15", "24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
"""Frame rates that a film may have."""
FADE_SECONDS = 0.5
CREDIT_LINES_MAX = 8
"""Lines of one page of credits."""
AUDIO_RATE = 128_000
"""Bits a second of the sound."""
VIDEO_RATE_MIN = 250_000
"""The least bits a second for the picture; below, nobody wants to see it."""
_BITS_PER_PIXEL_MIN = 0.04
"""Bits for each pixel of each picture below which a smaller picture looks better than a starved large one."""
_BITS_PER_PIXEL_USUAL = 0.1
"""Bits for each pixel of each picture that a film takes where its size is not bounded. Measured on generated clips."""
_SCALES = (1.0, 0.75, 2 / 3, 0.5, 1 / 3, 0.25)
"""How much smaller a film may be made, so that it fits a size."""
AIM_SHARES = (0.93, 0.78)
"""The shares of the allowed size that the first and the second pass aim at."""


class Fit(StrEnum):
    """What becomes of a clip whose shape is not the film's."""

    LETTERBOX = "letterbox"
    """It is shown whole, with black beside or above it."""
    CROP = "crop"
    """It fills the picture, and what stands out is cut off."""


class Transition(StrEnum):
    """How a part begins."""

    CUT = "cut"
    FADE = "fade"
    """It comes up over the last picture of the part before; the first part comes up out of black."""


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a clip is like, as it is shown: upright and with square pixels."""

    width: int
    height: int
    rate: Fraction
    """Pictures a second, on average."""
    ms: int
    sound: bool
    size: int
    """Bytes of the file."""


@dataclass(frozen=True, slots=True)
class FilmFormat:
    """The size and the pictures a second of a film."""

    width: int
    height: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class ClipPart:
    """A clip, or a piece of it."""

    file: str
    start_ms: int = 0
    end_ms: int | None = None
    """None: to its end."""
    sound: bool = True
    transition: Transition = Transition.CUT


@dataclass(frozen=True, slots=True)
class TitlePart:
    """A card with words, without sound."""

    text: str
    seconds: float
    transition: Transition = Transition.CUT
    small: bool = False
    """Whether the words are a page of many lines, as credits are."""


Part: TypeAlias = ClipPart | TitlePart


@dataclass(frozen=True, slots=True)
class Film:
    """All that it takes to make a film."""

    format: FilmFormat
    parts: tuple[Part, ...]
    size_max: int
    """Bytes that the file may have."""
    fit: Fit = Fit.LETTERBOX
    background: str | None = None
    """A file whose sound is mixed under the film, from the beginning again where it is shorter."""
    credits: tuple[str, ...] = ()

    def all_parts(self) -> tuple[Part, ...]:
        """Return the parts and the pages of credits after them."""
        return (*self.parts, *credit_pages(self.credits))


def choose_format(clips: Sequence[ClipFacts]) -> FilmFormat:
    """Return the format that most of the clips' time has: their shape, the largest size of it, and their rate.

    Where there are no clips, it is that of a usual video.
    """
    if not clips:
        return FilmFormat(1280, 720, Fraction(24))
    shape = _most([(_shape(clip), clip.ms) for clip in clips])
    rate = _most([(_usual_rate(clip.rate), clip.ms) for clip in clips])
    largest = max((clip for clip in clips if _shape(clip) == shape), key=lambda clip: clip.width * clip.height)
    width, height = largest.width, largest.height
    scale = min(1.0, LONG_SIDE_MAX / max(width, height), SHORT_SIDE_MAX / min(width, height))
    return FilmFormat(_even(width * scale), _even(height * scale), rate)


def clip_ms(part: ClipPart, ms: int) -> int:
    """Return how long a part is that is cut out of a clip of `ms`. A piece that is not in the clip is 1 ms long."""
    end = ms if part.end_ms is None else min(part.end_ms, ms)
    return max(1, end - min(part.start_ms, ms))


def credit_pages(lines: Sequence[str]) -> tuple[TitlePart, ...]:
    """Return the cards at the end of a film that show these lines."""
    pages = [lines[first : first + CREDIT_LINES_MAX] for first in range(0, len(lines), CREDIT_LINES_MAX)]
    return tuple(TitlePart("\n".join(page), 2 + 0.5 * len(page), Transition.FADE, small=True) for page in pages)


def frame_counts(seconds: Sequence[Fraction], rate: Fraction) -> list[int]:
    """Return how many pictures each part has. Their sum is the sum of the lengths, rounded once: nothing drifts.

    A part has at least one picture, however short it is.
    """
    counts: list[int] = []
    time, frames = Fraction(0), 0
    for length in seconds:
        time += length
        count = max(1, round(time * rate) - frames)
        counts.append(count)
        frames += count
    return counts


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a film is written, so that it fits its size."""

    width: int
    height: int
    video_rate: int
    """The most bits a second for the picture. A quiet one takes less."""


def encoding(film: FilmFormat, seconds: float, size: int, *, sound: bool) -> Encoding | None:
    """Return how a film of this length fits into `size` bytes; None where nobody would want to see it."""
    rate = int(size * 8 / max(seconds, 0.1)) - (AUDIO_RATE if sound else 0)
    if rate < VIDEO_RATE_MIN:
        return None
    wanted = sqrt(rate / (_BITS_PER_PIXEL_MIN * film.width * film.height * film.rate))
    scale = next((scale for scale in _SCALES if scale <= wanted), _SCALES[-1])
    sides = [side if scale == 1 else max(SIDE_MIN, _even(side * scale)) for side in (film.width, film.height)]
    return Encoding(sides[0], sides[1], rate)


def expected_bytes(film: FilmFormat, seconds: float, size_max: int) -> int:
    """Return about how large a film will be, which fits `size_max`."""
    rate = _BITS_PER_PIXEL_USUAL * film.width * film.height * film.rate + AUDIO_RATE
    return min(int(rate * seconds / 8), int(size_max * AIM_SHARES[0]))


def film_json(film: Film) -> JsonObject:
    """Return a film's plan as JSON."""
    return {
        "format": [film.format.width, film.format.height, str(film.format.rate)],
        "fit": film.fit.value,
        "parts": [_part_json(part) for part in film.parts],
        "background": film.background,
        "credits": list(film.credits),
        "size_max": film.size_max,
    }


def film_of(plan: JsonObject) -> Film:
    """Return the film of a plan that `film_json` made. Raises ValueError."""
    match plan:
        case {
            "format": [int(width), int(height), str(rate)],
            "fit": str(fit),
            "parts": [*parts],
            "background": (str() | None) as background,
            "credits": [*lines],
            "size_max": int(size_max),
        }:
            return Film(
                FilmFormat(width, height, Fraction(rate)),
                tuple(_part_of(part) for part in parts),
                size_max,
                Fit(fit),
                background,
                tuple(str(line) for line in lines),
            )
    raise ValueError("this is no plan of a film")


def _part_json(part: Part) -> JsonObject:
    if isinstance(part, TitlePart):
        return {
            "text": part.text,
            "seconds": part.seconds,
            "transition": part.transition.value,
            "small": part.small,
        }
    return {
        "file": part.file,
        "start_ms": part.start_ms,
        "end_ms": part.end_ms,
        "sound": part.sound,
        "transition": part.transition.value,
    }


def _part_of(plan: JsonValue) -> Part:
    match plan:
        case {"text": str(text), "seconds": (int() | float()) as seconds, "transition": str(way), "small": bool(small)}:
            return TitlePart(text, seconds, Transition(way), small)
        case {
            "file": str(file),
            "start_ms": int(start),
            "end_ms": (int() | None) as end,
            "sound": bool(sound),
            "transition": str(way),
        }:
            return ClipPart(file, start, end, sound, Transition(way))
    raise ValueError("this is no part of a film")


def _shape(clip: ClipFacts) -> Fraction:
    """Return how much wider than high a clip is, so rounded that 1920 x 1080 and 854 x 480 are alike."""
    return Fraction(round(clip.width / clip.height * 20), 20)


def _usual_rate(rate: Fraction) -> Fraction:
    return min(RATES, key=lambda usual: abs(usual - rate))


def _most(weighed: Sequence[tuple[Fraction, int]]) -> Fraction:
    """Return the value that weighs most; the larger one of two that weigh the same."""
    weights: Counter[Fraction] = Counter()
    for value, weight in weighed:
        weights[value] += weight
    return max(weights, key=lambda value: (weights[value], value))


def _even(side: float) -> int:
    """Return a side that H.264 takes."""
    return max(SIDE_MIN, round(side / 2) * 2)
