"""Small videos whose pictures show their numbers and whose sound clicks, so that a film tells what it was made of."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av

BARS = 8
"""Upright bars of a picture, black or white: the bits of its number."""
SAMPLE_RATE = 48_000
CLICK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Clip:
    """What a clip is like that is made for a test."""

    frames: int = 24
    rate: Fraction = Fraction(24)
    width: int = 128
    height: int = 72
    codec: str = "libx264"
    container: str | None = None
    first_number: int = 0
    """The number that the first picture shows."""
    still: bool = False
    """Whether all pictures show the first one's number."""
    times: Sequence[Fraction] | None = None
    """When each picture is shown, in seconds; None: at an even rate."""
    clicks: Sequence[float] | None = None
    """Seconds at which the sound clicks; None: there is no sound."""
    layout: str = "stereo"
    sample_rate: int = SAMPLE_RATE
    loudness: float = 0.5
    options: tuple[tuple[str, str], ...] = ()


def make(path: Path, clip: Clip) -> Path:
    """Write a clip."""
    with av.open(str(path), "w", format=clip.container) as container:
        video = cast(av.VideoStream, container.add_stream(clip.codec, rate=clip.rate))
        video.width, video.height, video.pix_fmt = clip.width, clip.height, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "10", **dict(clip.options)} if "264" in clip.codec else {}
        sound = None
        if clip.clicks is not None:
            codec = "libopus" if path.suffix == ".webm" else "aac"
            sound = cast(av.AudioStream, container.add_stream(codec, rate=clip.sample_rate, layout=clip.layout))
        time_base = Fraction(1, 90_000)
        video.time_base = time_base
        times = clip.times or [number / clip.rate for number in range(clip.frames)]
        for number, time in enumerate(times):
            picture = picture_of(clip.first_number + (0 if clip.still else number), clip.width, clip.height)
            picture.pts, picture.time_base = round(time / time_base), time_base
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if sound is not None and clip.clicks is not None:
            seconds = float(max(times)) + float(1 / clip.rate)
            for block in clicking(seconds, clip.clicks, clip.sample_rate, clip.layout, clip.loudness):
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))
    return path


def picture_of(number: int, width: int, height: int) -> av.VideoFrame:
    """Return a picture that shows a number: a bar is white where its bit is set, and dark grey where not."""
    picture = av.VideoFrame(width, height, "yuv420p")
    luma, *chroma = picture.planes
    row = bytes(220 if number >> (column * BARS // width) & 1 else 70 for column in range(width))
    luma.update((row + bytes(luma.line_size - width)) * height)
    for plane in chroma:
        plane.update(b"\x80" * plane.buffer_size)
    return picture


def number_in(picture: av.VideoFrame) -> int:
    """Return the number that a picture shows, wherever black borders stand beside it; -1 for a picture without bars."""
    grey = picture.reformat(format="gray")
    plane = grey.planes[0]
    line = bytes(plane)[grey.height // 2 * plane.line_size :][: grey.width]
    inner = [column for column, value in enumerate(line) if value > 45]
    if not inner:
        return -1
    first, width = inner[0], inner[-1] - inner[0] + 1
    return sum(1 << bar for bar in range(BARS) if line[first + (2 * bar + 1) * width // (2 * BARS)] > 145)


def brightness(picture: av.VideoFrame) -> float:
    """Return the mean luma of a picture."""
    grey = picture.reformat(format="gray")
    plane = grey.planes[0]
    rows = [bytes(plane)[row * plane.line_size :][: grey.width] for row in range(grey.height)]
    return sum(map(sum, rows)) / (grey.width * grey.height)


def clicking(
    seconds: float, clicks: Sequence[float], rate: int, layout: str, loudness: float = 0.5
) -> Iterator[av.AudioFrame]:
    """Yield quiet sound with a short tone at each of `clicks`, in blocks of 1024 samples."""
    channels = 2 if layout == "stereo" else 1
    samples = [0.0] * round(seconds * rate)
    for click in clicks:
        begin = round(click * rate)
        for place in range(begin, min(len(samples), begin + round(CLICK_SECONDS * rate))):
            samples[place] = loudness * math.sin(2 * math.pi * 1000 * (place - begin) / rate)
    for first in range(0, len(samples), 1024):
        part = samples[first : first + 1024]
        block = av.AudioFrame("fltp", layout, len(part))
        packed = memoryview(bytearray(4 * len(part))).cast("f")
        for place, value in enumerate(part):
            packed[place] = value
        for plane in block.planes[:channels]:
            plane.update(packed.tobytes() + bytes(plane.buffer_size - 4 * len(part)))
        block.rate, block.pts, block.time_base = rate, first, Fraction(1, rate)
        yield block


def pictures_in(path: Path) -> list[av.VideoFrame]:
    """Return all pictures of a small video, in the order in which they are shown."""
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def numbers_in(path: Path) -> list[int]:
    """Return what all pictures of a small video show."""
    return [number_in(picture) for picture in pictures_in(path)]


def clicks_in(path: Path, quiet: float = 0.1) -> list[float]:
    """Return the seconds at which the sound of a file begins to click: it was quieter than `quiet` for a while."""
    found: list[float] = []
    last_loud = -1.0
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        for decoded in container.decode(audio=0):
            for block in resampler.resample(decoded):
                begin = float(block.time or 0)
                values = memoryview(bytes(block.planes[0])[: 4 * block.samples]).cast("f")
                for place, value in enumerate(values):
                    if abs(value) < quiet:
                        continue
                    time = begin + place / SAMPLE_RATE
                    if time - last_loud > 0.05:
                        found.append(time)
                    last_loud = time
    return found
