"""Opening a stranger's file: a known container only, no other protocol, no immoderate picture.

FFmpeg also reads playlists, which are texts that name other files. So the container is named by the file's suffix, and
never guessed.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from bot.media.tool.answers import Problem

VIDEO_FORMATS = {".mp4": "mp4", ".mov": "mov", ".webm": "webm"}
"""The containers of videos that are read, by suffix."""
FORMATS = {
    **VIDEO_FORMATS,
    ".m4a": "mp4",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".wav": "wav",
    ".flac": "flac",
    ".aac": "aac",
}
"""All containers that are read, also those of sound alone."""
SIDE_MAX = 4096
"""Pixels that a picture may be wide and high."""
OPTIONS = {"protocol_whitelist": "file", "max_pixels": str(SIDE_MAX * SIDE_MAX)}
"""FFmpeg's own bounds, which hold while it looks at a file: no other protocol, no larger picture."""
THREADS = 2
"""Threads of the decoder and of the encoder. More would need more memory."""
SECONDS_MAX = 3600
"""Seconds of the longest video that is read. A file can claim to last for years."""
PACKETS_MAX = 1_000_000
"""Packets that are looked at in one file. An hour has fewer than half as many."""


@dataclass(frozen=True, slots=True)
class VideoSpan:
    """When a video's pictures are shown, in the stream's own time base. `end` is exclusive."""

    begin: int
    last: int
    """When the last picture appears."""
    end: int
    time_base: Fraction

    @property
    def seconds(self) -> Fraction:
        """How long pictures are shown."""
        return (self.end - self.begin) * self.time_base


def open_media(source: Path, formats: dict[str, str] = VIDEO_FORMATS) -> av.container.InputContainer:
    """Open a file for reading. Raises Problem for another kind of file, and what PyAV raises."""
    if source.suffix not in formats:
        raise Problem("unreadable", f"{source.suffix} is not read")
    return av.open(str(source), format=formats[source.suffix], options=OPTIONS)


def video_stream(container: av.container.InputContainer) -> av.VideoStream:
    """Return the first video stream, with its decoder's bounds set. Raises Problem where there is none to decode."""
    stream = next(iter(container.streams.video), None)
    if stream is None:
        raise Problem("unreadable", "there is no picture in it")
    if not (0 < stream.width <= SIDE_MAX and 0 < stream.height <= SIDE_MAX):
        raise Problem("unreadable", f"the picture is {stream.width} x {stream.height}")
    stream.codec_context.thread_count = THREADS
    stream.codec_context.options = {"max_pixels": OPTIONS["max_pixels"]}
    return stream


def span_of(source: Path) -> VideoSpan:
    """Return when a video's pictures are shown, from its packets alone. Raises Problem where there are none.

    Packets that an edit list cuts out do not count.
    """
    with open_media(source) as container:
        stream = video_stream(container)
        time_base = stream.time_base or Fraction(1, 90_000)
        begin = last = None
        duration = 0
        for number, packet in enumerate(container.demux(stream)):
            if number > PACKETS_MAX:
                raise Problem("unreadable", f"more than {PACKETS_MAX} packets")
            if packet.pts is None or packet.is_discard or packet.size == 0:
                continue
            begin = packet.pts if begin is None else min(begin, packet.pts)
            if last is None or packet.pts >= last:
                last, duration = packet.pts, packet.duration or 0
        if begin is None or last is None:
            raise Problem("unreadable", "there is no picture in it")
        if duration <= 0:
            duration = max(1, round(1 / (rate_of(stream) * time_base)))
        span = VideoSpan(begin, last, last + duration, time_base)
        if span.seconds > SECONDS_MAX:
            raise Problem("unreadable", f"it claims to be {float(span.seconds):.0f} s long")
        return span


@dataclass(frozen=True, slots=True)
class Moment:
    """A decoded picture, and when it begins to be shown, in the stream's own time base."""

    at: int
    picture: av.VideoFrame


def decoded(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[Moment]:
    """Yield what can be decoded, in the order in which it is shown."""
    for frame in frames_in(container, stream):
        if isinstance(frame, av.VideoFrame) and frame.pts is not None:
            yield Moment(frame.pts, frame)


def frames_in(
    container: av.container.InputContainer, stream: av.VideoStream | av.AudioStream
) -> Iterator[av.VideoFrame | av.AudioFrame]:
    """Yield a stream's decoded frames. Broken packets are skipped, and a broken file ends where it breaks."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            frames = packet.decode() if packet is not None else []
        except av.error.FFmpegError as error:
            if error.errno == errno.ENOMEM:
                raise
            if packet is None:
                return
            continue
        if packet is None:
            return
        for frame in frames:
            if isinstance(frame, av.VideoFrame | av.AudioFrame):
                yield frame


def rate_of(stream: av.VideoStream) -> Fraction:
    """Return a stream's pictures a second; 24 where nothing sensible is told."""
    rate = stream.average_rate or stream.guessed_rate
    return Fraction(rate) if rate and Fraction(1, 1000) <= rate <= 1000 else Fraction(24)
