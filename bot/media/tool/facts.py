"""`facts SOURCE`: say what a video is like."""

from collections.abc import Sequence
from pathlib import Path

from bot.media.tool.limits import limit_resources
from bot.media.tool.pictures import shown_size, turn_of
from bot.media.tool.reading import open_media, rate_of, span_of, video_stream

CPU_SECONDS_MAX = 20


def run(arguments: Sequence[str]) -> dict[str, object]:
    """Carry out the command."""
    [source] = map(Path, arguments)
    limit_resources(0, CPU_SECONDS_MAX)
    span = span_of(source)
    with open_media(source) as container:
        stream = video_stream(container)
        sound = bool(container.streams.audio)
        # The first picture is decoded: only it tells how it is turned, and that pictures can be had at all.
        picture = next(frame for frame in container.decode(stream))
        width, height = shown_size(picture, stream, turn_of(picture))
        return {
            "width": width,
            "height": height,
            "rate": str(rate_of(stream)),
            "ms": max(1, round(span.seconds * 1000)),
            "sound": sound,
        }
