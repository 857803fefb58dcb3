"""Real H.264 and AAC in an MP4 that starts playing before it is loaded; and the probe of a clip.

The functions here run in the render process: they block, and take and return plain data.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from sandbox.studio.video.clip import FPS, ClipFacts, ClipSpec
from sandbox.studio.video.picture import frames

SAMPLE_RATE = 44_100
"""Audio samples per second."""
CHORD = "0.03*(sin(2*PI*110*t)+sin(2*PI*165*t)+sin(2*PI*277*t))*min(1,2*min(t,{seconds}-t))"
"""FFmpeg's expression for a soft chord that is faded in and out within half a second."""


def encode(spec: ClipSpec, path: str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Render `spec` to `path`; the file appears whole or not at all.

    `stopping` is asked at every picture: nobody waits for a clip that nobody will see. Raises RuntimeError if it says
    yes.
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
    sound = _chord(spec.seconds)
    heard = 0
    for number, picture in enumerate(frames(spec)):
        if stopping():
            raise RuntimeError("stopped")
        frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
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


def _chord(seconds: float) -> Iterator[av.AudioFrame]:
    """Generate the sound as mono frames, `seconds` long in all."""
    graph = av.filter.Graph()
    source = graph.add("aevalsrc", f"exprs='{CHORD.format(seconds=seconds)}':d={seconds}:s={SAMPLE_RATE}")
    shape = graph.add("aformat", "sample_fmts=fltp:channel_layouts=mono")
    sink = graph.add("abuffersink")
    source.link_to(shape)
    shape.link_to(sink)
    graph.configure()
    while True:
        try:
            yield cast(av.AudioFrame, sink.pull())
        except av.error.EOFError:
            return


def probe(path: str, still: str) -> ClipFacts:
    """Read a clip's length and size, and save its first picture to `still`."""
    with av.open(path) as container:
        stream = container.streams.video[0]
        first = next(container.decode(stream))
        first.to_image().save(still)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
        if container.duration is not None:
            seconds = container.duration / av.time_base
        else:
            seconds = float((stream.duration or 0) * (stream.time_base or 0))
        return ClipFacts(seconds, first.width, first.height, still)


def last_picture(path: str, still: str) -> None:
    """Save the last picture of a clip to `still`."""
    with av.open(path) as container:
        [last] = deque(container.decode(container.streams.video[0]), maxlen=1)
        last.to_image().save(still)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
