"""`fit SOURCE TARGET BYTES`: make a video small enough.

The first pass encodes at the rate that the size allows. A second pass aims lower if the result came out too large.
"""

from collections.abc import Sequence
from pathlib import Path

import av

from bot.media.tool.answers import Problem
from bot.media.tool.limits import limit_resources
from bot.media.tool.reading import OPTIONS, SIDE_MAX, THREADS, open_media

AIM_SHARES = (0.92, 0.78)
"""The shares of the allowed size that the first and the second pass aim at."""
VIDEO_RATE_MIN = 250_000
"""The least bits a second for the picture; below, nobody wants to see it."""
AUDIO_RATE = 128_000
"""Bits a second reserved for the sound, which is copied as it is."""
HEIGHT_BY_RATE = ((2_500_000, 1080), (1_200_000, 720), (0, 480))
"""Pairs of least bits a second and picture height: a smaller picture looks better than a starved large one."""


def run(arguments: Sequence[str]) -> dict[str, object]:
    """Carry out the command. Raises Problem where the video would have no picture worth looking at."""
    source, target, limit = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    limit_resources(2 * limit)  # a first pass may come out too large
    for share in AIM_SHARES:
        rate = _video_rate(source, int(limit * share))
        if rate < VIDEO_RATE_MIN:
            raise Problem("too_large", f"{rate} bits a second are too few")
        _encode(source, target, rate)
        if target.stat().st_size <= limit:
            return {"bytes": target.stat().st_size}
    raise Problem("too_large", "the second pass came out too large, too")


def _video_rate(source: Path, size: int) -> int:
    """Return the bits a second that the picture may take; 0 where the length is not known or the picture too large."""
    with open_media(source) as container:
        picture = container.streams.video[0]
        if not (0 < picture.width <= SIDE_MAX and 0 < picture.height <= SIDE_MAX):
            return 0
        seconds = (container.duration or 0) / av.time_base
        sound = AUDIO_RATE if container.streams.audio else 0
    return int(size * 8 / seconds) - sound if seconds > 0 else 0


def _encode(source: Path, target: Path, rate: int) -> None:
    options = {"movflags": "faststart"}
    with open_media(source) as read, av.open(str(target), "w", format="mp4", options=options) as written:
        pictures = read.streams.video[0]
        pictures.codec_context.thread_count = THREADS
        pictures.codec_context.options = {"max_pixels": OPTIONS["max_pixels"]}
        height = min(pictures.height, next(most for least, most in HEIGHT_BY_RATE if rate >= least))
        video = written.add_stream("libx264", rate=pictures.average_rate or 24)
        # H.264 wants even sides.
        video.height = height // 2 * 2
        video.width = round(pictures.width * video.height / pictures.height / 2) * 2
        video.pix_fmt = "yuv420p"
        video.bit_rate = rate
        video.options = {"preset": "veryfast", "maxrate": str(rate), "bufsize": str(rate)}
        video.codec_context.thread_count = THREADS
        sound = read.streams.audio[0] if read.streams.audio else None
        copied = written.add_stream_from_template(sound) if sound else None
        for packet in read.demux(*(stream for stream in (pictures, sound) if stream)):
            if packet.stream is sound and copied is not None:
                if packet.dts is not None:
                    packet.stream = copied
                    written.mux(packet)
                continue
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    smaller = frame.reformat(video.width, video.height, "yuv420p")
                    smaller.pts, smaller.time_base = frame.pts, frame.time_base
                    written.mux(video.encode(smaller))
        written.mux(video.encode(None))
