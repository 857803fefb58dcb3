"""`frame SOURCE TARGET WHERE SIDE BYTES`: write one picture of a video, a PNG or a JPEG by the target's suffix.

WHERE is `first`, `last`, or milliseconds from the first picture. The longer side is SIDE pixels at most. A PNG that
would be larger than BYTES becomes a JPEG; the answer names the file.
"""

from collections.abc import Sequence
from pathlib import Path

import av

from bot.media.tool.answers import Problem
from bot.media.tool.limits import limit_resources
from bot.media.tool.pictures import Shaper, shown_size, turn_of
from bot.media.tool.reading import Moment, VideoSpan, decoded, open_media, span_of, video_stream

CPU_SECONDS_MAX = 60
_JPEG_QUALITIES = (2, 5, 12)
"""FFmpeg's quantisers, from the best picture to the smallest file."""


def run(arguments: Sequence[str]) -> dict[str, object]:
    """Carry out the command."""
    source, target, where = Path(arguments[0]), Path(arguments[1]), arguments[2]
    side, size = int(arguments[3]), int(arguments[4])
    limit_resources(max(64 * 1024**2, size), CPU_SECONDS_MAX)
    span = span_of(source)
    with open_media(source) as container:
        stream = video_stream(container)
        picture = _picture(container, stream, _moment(span, where))
        width, height = shown_size(picture, stream, turn_of(picture))
    scale = min(1.0, side / max(width, height))
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    upright = Shaper((("scale", f"{width}:{height}:flags=lanczos"),), "rgb24").shape(picture)
    written = _save(upright, target, size)
    return {"file": written.name, "width": width, "height": height}


def _moment(span: VideoSpan, where: str) -> int:
    """Return the time stamp of the picture that is asked for: the latest one that does not exceed it."""
    if where == "first":
        return span.begin
    if where == "last":
        return span.last
    return max(span.begin, min(span.last, span.begin + int(int(where) / 1000 / span.time_base)))


def _picture(container: av.container.InputContainer, stream: av.VideoStream, moment: int) -> av.VideoFrame:
    """Return the latest picture that is shown at `moment`; the earliest one where all are later."""
    best = _picture_from(container, stream, moment, moment)
    if best is None or best.at > moment:
        # The file's index leads past it.
        best = _picture_from(container, stream, 0, moment) or best
    if best is None:
        raise Problem("unreadable", "no picture of it can be decoded")
    return best.picture


def _picture_from(
    container: av.container.InputContainer, stream: av.VideoStream, sought: int, moment: int
) -> Moment | None:
    container.seek(sought, stream=stream, backward=True)
    best: Moment | None = None
    for shown in decoded(container, stream):
        if best is None or best.at <= shown.at <= moment:
            best = shown
        if shown.at >= moment:
            break
    return best


def _save(picture: av.VideoFrame, target: Path, size: int) -> Path:
    if target.suffix == ".png":
        picture.save(target)
        if target.stat().st_size <= size:
            return target
        target.unlink()
        target = target.with_suffix(".jpg")
    for quality in _JPEG_QUALITIES:
        picture.save(target, qscale=quality)
        if target.stat().st_size <= size:
            return target
    raise Problem("too_large", f"the picture does not fit {size} bytes")
