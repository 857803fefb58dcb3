"""`python transcode.py SOURCE TARGET BYTES`: make a video small enough, in a process of its own.

Needs PyAV (the extra `fit`), whose wheel bundles x264 (GPL). The first pass encodes at the rate that the size allows. A
second pass aims lower if the result came out too large. Exit status 1 means that the video cannot be made that small
with a picture worth looking at.

The video comes from a stranger, so memory, time and file size are limited, and nothing but a known container is opened:
FFmpeg also reads playlists, which are texts that name other files. This module imports nothing of the bot.
"""

import os
import resource
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
SIDE_MAX = 4096
"""Pixels that a picture may be wide and high."""
THREADS = 2
"""Threads of the decoder and of the encoder. More would need more memory."""
MEMORY_BYTES_MAX = 2 * 1024**3
CPU_SECONDS_MAX = 600
FORMATS = {".mp4": "mp4", ".mov": "mov", ".webm": "webm"}
"""The containers that are read, by suffix."""
OPTIONS = {"protocol_whitelist": "file", "max_pixels": str(SIDE_MAX * SIDE_MAX)}
"""FFmpeg's own bounds, which hold while it looks at a file: no other protocol, no larger picture."""


def main() -> int:
    """Carry out the command line and return the exit status."""
    source, target, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    _limit_resources(limit)
    if source.suffix not in FORMATS:
        return 1
    for share in AIM_SHARES:
        rate = _video_rate(source, int(limit * share))
        if rate < VIDEO_RATE_MIN:
            return 1
        _encode(source, target, rate)
        if target.stat().st_size <= limit:
            return 0
    return 1


def _limit_resources(target_bytes: int) -> None:
    """Let this process take no more than it needs, and let the bot's own work go first."""
    os.nice(10)
    wanted = {
        resource.RLIMIT_AS: MEMORY_BYTES_MAX,
        resource.RLIMIT_CPU: CPU_SECONDS_MAX,
        resource.RLIMIT_FSIZE: 2 * target_bytes,  # a first pass may come out too large
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _open(source: Path) -> av.container.InputContainer:
    return av.open(str(source), format=FORMATS[source.suffix], options=OPTIONS)


def _video_rate(source: Path, size: int) -> int:
    """Return the bits a second that the picture may take; 0 where the length is not known or the picture too large."""
    with _open(source) as container:
        picture = container.streams.video[0]
        if not (0 < picture.width <= SIDE_MAX and 0 < picture.height <= SIDE_MAX):
            return 0
        seconds = (container.duration or 0) / av.time_base
        sound = AUDIO_RATE if container.streams.audio else 0
    return int(size * 8 / seconds) - sound if seconds > 0 else 0


def _encode(source: Path, target: Path, rate: int) -> None:
    options = {"movflags": "faststart"}
    with _open(source) as read, av.open(str(target), "w", format="mp4", options=options) as written:
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


if __name__ == "__main__":
    sys.exit(main())
