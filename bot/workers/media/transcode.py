"""`python -m bot.workers.media.transcode SOURCE TARGET BYTES`: make a video small enough, in a process of its own.

Needs PyAV (the extra `fit`), whose wheel bundles x264 (GPL). The first pass encodes at the rate that the size allows. A
second pass aims lower if the result came out too large. Exit status 1 means that the video cannot be made that small
with a picture worth looking at.
"""

import os
import sys
from pathlib import Path

import av

AIM_SHARES = (0.92, 0.78)
"""The shares of the allowed size that the first and the second pass aim at."""
VIDEO_RATE_MIN = 250_000
"""The least bits a second for the picture; below, nobody wants to see it."""
AUDIO_RATE = 128_000
"""Bits a second reserved for the sound, which is copied as it is."""
HEIGHT_BY_RATE = ((2_500_000, 1080), (1_200_000, 720), (0, 480))
"""Pairs of least bits a second and picture height: a smaller picture looks better than a starved large one."""


def main() -> int:
    """Carry out the command line and return the exit status."""
    source, target, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    os.nice(10)  # the bot's own work goes first
    for share in AIM_SHARES:
        rate = _video_rate(source, int(limit * share))
        if rate < VIDEO_RATE_MIN:
            return 1
        _encode(source, target, rate)
        if target.stat().st_size <= limit:
            return 0
    return 1


def _video_rate(source: Path, size: int) -> int:
    with av.open(str(source)) as container:
        seconds = (container.duration or 0) / av.time_base
        sound = AUDIO_RATE if container.streams.audio else 0
    return int(size * 8 / seconds) - sound if seconds > 0 else 0


def _encode(source: Path, target: Path, rate: int) -> None:
    with av.open(str(source)) as read, av.open(str(target), "w", options={"movflags": "faststart"}) as written:
        pictures = read.streams.video[0]
        height = min(pictures.height, next(most for least, most in HEIGHT_BY_RATE if rate >= least))
        video = written.add_stream("libx264", rate=pictures.average_rate or 24)
        # H.264 wants even sides.
        video.height = height // 2 * 2
        video.width = round(pictures.width * video.height / pictures.height / 2) * 2
        video.pix_fmt = "yuv420p"
        video.bit_rate = rate
        video.options = {"preset": "veryfast", "maxrate": str(rate), "bufsize": str(rate)}
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


if __name__ == "__main__":
    sys.exit(main())
