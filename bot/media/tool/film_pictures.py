"""The pictures of a film, part by part, all in one size and at one rate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.frame import PictureType
from PIL import Image

from bot.domain.films import FADE_SECONDS, ClipPart, Encoding, Fit, TitlePart, Transition
from bot.media.tool.answers import Problem
from bot.media.tool.pictures import Shaper, pixel_aspect, turn_of
from bot.media.tool.reading import Moment, VideoSpan, decoded, open_media, video_stream
from bot.media.tool.titles import title_card

_HD_LINES_MIN = 720
"""Pictures of fewer lines that do not say how their colours are meant are taken for standard definition."""
_PIXEL_FORMAT = "yuv420p"
_frame_of = cast(Callable[[Image.Image], av.VideoFrame], av.VideoFrame.from_image)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a film, the file's pictures it is made of, and how many pictures of the film it has."""

    part: ClipPart | TitlePart
    span: VideoSpan | None
    """None for a title card."""
    count: int


def film_pictures(stretches: list[Stretch], size: Encoding, rate: Fraction, fit: Fit) -> Iterator[av.VideoFrame]:
    """Yield all pictures of a film. Raises Problem that names the part which cannot be read."""
    last = _flat(size)
    for number, stretch in enumerate(stretches):
        fade = min(stretch.count, round(FADE_SECONDS * rate)) if stretch.part.transition is Transition.FADE else 0
        before = last
        pictures = _of_part(stretch, size, rate, fit)
        for place in range(stretch.count):
            try:
                last = next(pictures)
            except (av.error.FFmpegError, ValueError) as error:
                raise Problem("clip", f"{type(error).__name__}: {error}", part=number) from error
            except Problem as problem:
                raise Problem("clip", str(problem), part=number) from problem
            last.pict_type = PictureType.NONE  # else a key picture of the clip becomes one of the film
            yield _blended(last, before, (place + 1) / (fade + 1)) if place < fade else last


def _of_part(stretch: Stretch, size: Encoding, rate: Fraction, fit: Fit) -> Iterator[av.VideoFrame]:
    part = stretch.part
    if isinstance(part, TitlePart):
        return _of_title(part, size, stretch.count)
    if stretch.span is None:
        raise ValueError("a clip without a span")
    return _of_clip(part, stretch.span, stretch.count, size, rate, fit)


def _of_title(part: TitlePart, size: Encoding, count: int) -> Iterator[av.VideoFrame]:
    drawn = _frame_of(title_card(part.text, size.width, size.height, small=part.small))
    card = drawn.reformat(format=_PIXEL_FORMAT, dst_colorspace="ITU709")
    for _ in range(count):
        yield card


def _of_clip(
    part: ClipPart, span: VideoSpan, count: int, size: Encoding, rate: Fraction, fit: Fit
) -> Iterator[av.VideoFrame]:
    """Yield `count` pictures of a clip: at each moment the one that is shown then; after its end the last one."""
    with open_media(Path(part.file)) as container:
        stream = video_stream(container)
        begin = span.begin * span.time_base + Fraction(part.start_ms, 1000)
        if part.start_ms:
            container.seek(int(begin / span.time_base), stream=stream, backward=True)
        shown = decoded(container, stream)
        current, upcoming = None, next(shown, None)
        if upcoming is None:
            raise Problem("unreadable", "no picture of it can be decoded")
        shaper: _ClipShaper | None = None
        shaped: av.VideoFrame | None = None
        for number in range(count):
            # Half a picture later, because time stamps are rounded.
            moment = begin + (number + Fraction(1, 2)) / rate
            while upcoming is not None and (current is None or upcoming.at * span.time_base < moment):
                current, upcoming, shaped = upcoming, next(shown, None), None
            if shaped is None:
                shaper = shaper or _ClipShaper(stream, size, fit)
                shaped = shaper.shape(_picture(current))
            yield shaped


def _picture(current: Moment | None) -> av.VideoFrame:
    if current is None:
        raise ValueError("there is no picture")
    return current.picture


class _ClipShaper:
    """Bring a clip's pictures into the film's size, anew whenever they begin to come in another one."""

    def __init__(self, stream: av.VideoStream, size: Encoding, fit: Fit) -> None:
        self._aspect = pixel_aspect(stream)
        self._size, self._fit = size, fit
        self._shaper: Shaper | None = None
        self._made_for: tuple[object, ...] = ()

    def shape(self, picture: av.VideoFrame) -> av.VideoFrame:
        turn = turn_of(picture)
        kind = (picture.width, picture.height, picture.colorspace, picture.color_range, turn)
        if self._shaper is None or kind != self._made_for:
            self._shaper, self._made_for = Shaper(self._filters(picture, turn), _PIXEL_FORMAT), kind
        return self._shaper.shape(picture)

    def _filters(self, picture: av.VideoFrame, turn: int) -> tuple[tuple[str, str], ...]:
        width, height = float(picture.width * self._aspect), float(picture.height)
        if turn in {90, 270}:
            width, height = height, width
        wide, high = self._size.width, self._size.height
        choose = max if self._fit is Fit.CROP else min
        scale = choose(wide / width, high / height)
        inner_wide, inner_high = _even(width * scale), _even(height * scale)
        if abs(inner_wide - wide) <= 2 and abs(inner_high - high) <= 2:
            inner_wide, inner_high = wide, high  # a line of black would only be rounding
        colours = f"in_color_matrix={_matrix(picture)}:out_color_matrix=bt709:out_range=tv"
        filters = [("scale", f"{inner_wide}:{inner_high}:flags=bicubic:{colours}")]
        if inner_wide > wide or inner_high > high:
            filters.append(("crop", f"{min(wide, inner_wide)}:{min(high, inner_high)}"))
        if inner_wide < wide or inner_high < high:
            filters.append(("pad", f"{wide}:{high}:(ow-iw)/2:(oh-ih)/2:black"))
        return (*filters, ("setsar", "1"))


def _matrix(picture: av.VideoFrame) -> str:
    """Return by which matrix a picture's colours are meant, in the words of the filter."""
    told = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020"}.get(int(picture.colorspace))
    return told or ("bt709" if picture.height >= _HD_LINES_MIN else "bt601")


def _blended(upper: av.VideoFrame, lower: av.VideoFrame, share: float) -> av.VideoFrame:
    """Return a picture that is `share` of `upper` and for the rest `lower`."""
    graph = av.filter.Graph()
    mix, sink = graph.add("blend", f"all_mode=normal:all_opacity={share:.4f}"), graph.add("buffersink")
    for number in range(2):
        source = graph.add_buffer(
            width=upper.width, height=upper.height, format=upper.format, time_base=Fraction(1, 1000)
        )
        source.link_to(mix, 0, number)
    mix.link_to(sink)
    graph.configure()
    for number, picture in enumerate((upper, lower)):
        picture.pts = 0
        graph.push(picture, number)
    graph.push(None)
    blended = graph.vpull()
    blended.pict_type = PictureType.NONE
    return blended


def _flat(size: Encoding) -> av.VideoFrame:
    """Return a black picture."""
    picture = av.VideoFrame(size.width, size.height, _PIXEL_FORMAT)
    luma, *chroma = picture.planes
    luma.update(b"\x10" * luma.buffer_size)
    for plane in chroma:
        plane.update(b"\x80" * plane.buffer_size)
    return picture


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)
