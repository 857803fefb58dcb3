"""Real H.264 (and AAC) in an MP4 that starts playing before it is loaded; and the probe of a clip.

The functions here run in the render process: they block, and take and return plain data.
"""

from __future__ import annotations

import array
import math
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from sandbox.studio.video.clip import FPS, ClipFacts, ClipSpec
from sandbox.studio.video.scene import frames

SAMPLE_RATE = 44_100
AUDIO_FRAME_SAMPLES = 1024
CHORD_HZ = (110, 165, 220, 277)
"""Whole numbers of periods a second, so that one second can be repeated without a click."""


def encode(spec: ClipSpec, path: str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Render `spec` to `path`; the file appears whole or not at all.

    `stopping` is asked at every picture: nobody waits for a clip that nobody will see.
    """
    part = f"{path}.part"
    try:
        with av.open(part, "w", format="mp4", options={"movflags": "faststart"}) as container:
            video = container.add_stream("libx264", rate=FPS)
            video.width, video.height, video.pix_fmt = spec.width, spec.height, "yuv420p"
            video.codec_context.time_base = Fraction(1, FPS)
            video.options = {"preset": "veryfast", "crf": "23", "g": str(FPS * 2)}
            audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if spec.audio else None
            _write(container, video, audio, spec, stopping)
        os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


def _write(
    container: OutputContainer,
    video: VideoStream,
    audio: AudioStream | None,
    spec: ClipSpec,
    stopping: Callable[[], bool],
) -> None:
    sound = _tone(spec.seconds)
    heard = 0
    for number, picture in enumerate(frames(spec)):
        if stopping():
            raise RuntimeError("stopped")
        frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
        frame.pts = number
        container.mux(video.encode(frame))
        # Interleaved second by second: a player needs both at once.
        while audio and heard < (number + 1) * SAMPLE_RATE // FPS and (block := next(sound, None)) is not None:
            container.mux(audio.encode(block))
            heard += block.samples
    container.mux(video.encode(None))
    if audio:
        for block in sound:
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))


def _tone(seconds: float) -> Iterator[av.AudioFrame]:
    """A soft swelling chord, faded in and out, as mono 16-bit frames of exactly `seconds`."""
    second = [
        sum(math.sin(math.tau * hz * n / SAMPLE_RATE) for hz in CHORD_HZ)
        * (0.75 + 0.25 * math.sin(math.tau * n / SAMPLE_RATE))
        for n in range(SAMPLE_RATE)
    ]
    total = round(seconds * SAMPLE_RATE)
    fade = SAMPLE_RATE // 2
    for start in range(0, total, AUDIO_FRAME_SAMPLES):
        samples = array.array("h")
        for n in range(start, min(start + AUDIO_FRAME_SAMPLES, total)):
            loudness = min(1.0, n / fade, (total - n) / fade)
            samples.append(round(second[n % SAMPLE_RATE] * loudness * 1800))
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        frame.time_base = Fraction(1, SAMPLE_RATE)
        yield frame


def probe(path: str, still: str) -> ClipFacts:
    """Length and size of a clip; its first picture is saved to `still`."""
    with av.open(path) as container:
        stream = container.streams.video[0]
        first = next(container.decode(stream))
        first.to_image().save(still)  # type: ignore[no-untyped-call]
        if container.duration is not None:
            seconds = container.duration / av.time_base
        else:
            seconds = float((stream.duration or 0) * (stream.time_base or 0))
        return ClipFacts(seconds, first.width, first.height, still)
