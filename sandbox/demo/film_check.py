"""Whether a film is what its clips say: decoded picture by picture, not believed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import av

from bot.domain.films import credit_pages
from sandbox.demo.delivered_file import NoVideo

ALIKE = 8.0
"""Mean difference of two small pictures' pixels, of 255, that two encodings of one picture stay below."""
BLACK = 8.0
"""Mean brightness of 255 below which a picture is black. Title cards are dark grey."""
SMALL = (64, 36)
HEARD = 0.02
"""Share of full scale from which a sound is heard."""


@dataclass(frozen=True)
class Pictures:
    """A file's pictures, made small and grey, and what else it tells."""

    grey: list[bytes]
    rate: Fraction
    heard_at: float | None
    """Seconds at which the first sound is heard."""


@dataclass(frozen=True)
class FilmFacts:
    """What was found."""

    pictures: int
    seconds: float
    continues_by: float
    """How much the continuation's first picture differs from its parent's last one."""

    def __str__(self) -> str:
        """Describe the film in one line."""
        return (
            f"{self.pictures} pictures, {self.seconds:.2f} s = title card + clip + continuation + credits. "
            "No picture is black. The sound begins with the clip. The continuation begins as its parent ends "
            f"(they differ by {self.continues_by:.1f} of 255)."
        )


def decode(data: bytes) -> Pictures:
    """Decode all of a file. Raises NoVideo."""
    try:
        with av.open(io.BytesIO(data), "r") as container:
            rate = Fraction(container.streams.video[0].average_rate or 0)
            grey = [_small(frame) for frame in container.decode(container.streams.video[0])]
        return Pictures(grey, rate, _first_sound(data))
    except (av.FFmpegError, IndexError) as error:
        raise NoVideo(str(error)) from error


def check_film(film: Pictures, clips: Sequence[Pictures], title_seconds: float, credit_lines: int) -> FilmFacts:
    """Check a film of a title card, clips one after the other, and credits. Raises NoVideo with what is wrong."""
    credits = sum(page.seconds for page in credit_pages([""] * credit_lines))
    expected = title_seconds + sum(float(len(clip.grey) / clip.rate) for clip in clips) + credits
    seconds = float(len(film.grey) / film.rate)
    if abs(seconds - expected) > 1 / film.rate:
        raise NoVideo(f"it has {seconds:.3f} s instead of {expected:.3f} s")
    black = [number for number, picture in enumerate(film.grey) if sum(picture) / len(picture) < BLACK]
    if black:
        raise NoVideo(f"its pictures {black[:5]} are black")
    place = round(title_seconds * film.rate)
    for clip in clips:
        for number in (0, len(clip.grey) - 1):
            difference = differ(film.grey[place + number], clip.grey[number])
            if difference > ALIKE:
                raise NoVideo(f"picture {place + number} differs by {difference:.1f} from that of the clip")
        place += len(clip.grey)
    # Loudness is evened out, so the film's sound may be heard earlier than that of the clip, but never under the card.
    latest = title_seconds + (clips[0].heard_at or 0) + 2 / film.rate
    if film.heard_at is None or not title_seconds - 1 / film.rate <= film.heard_at <= latest:
        raise NoVideo(f"its sound begins at {film.heard_at} s")
    between = max(differ(before.grey[-1], after.grey[0]) for before, after in pairwise(clips))
    if between > ALIKE:
        raise NoVideo(f"the continuation begins otherwise than its parent ends: they differ by {between:.1f}")
    return FilmFacts(len(film.grey), seconds, between)


def differ(one: bytes, other: bytes) -> float:
    """Return the mean difference of two small pictures' pixels, of 255."""
    return sum(abs(first - second) for first, second in zip(one, other, strict=True)) / len(one)


def _small(frame: av.VideoFrame) -> bytes:
    grey = frame.reformat(*SMALL, format="gray")
    [plane] = grey.planes
    data = bytes(plane)
    return b"".join(data[row * plane.line_size :][: SMALL[0]] for row in range(SMALL[1]))


def _first_sound(data: bytes) -> float | None:
    with av.open(io.BytesIO(data), "r") as container:
        if not container.streams.audio:
            return None
        for time, value in _samples(container):
            if abs(value) > HEARD:
                return time
    return None


def _samples(container: av.container.InputContainer) -> Iterator[tuple[float, float]]:
    resampler = av.AudioResampler("flt", "mono", 8000)
    for decoded in container.decode(container.streams.audio[0]):
        for block in resampler.resample(decoded):
            begin = float(block.time or 0)
            values = memoryview(bytes(block.planes[0])[: 4 * block.samples]).cast("f")
            yield from ((begin + place / 8000, value) for place, value in enumerate(values))
