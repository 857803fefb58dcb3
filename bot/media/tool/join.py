"""`join PLAN TARGET THREADS SECONDS`: make the film of a plan (JSON, `bot/domain/films.py`), an MP4 of H.264 and AAC.

THREADS is how many encode at once, SECONDS how much time of processors it may take. Each part is read while it is
written, so memory does not grow with the film. The first pass encodes for the size that is allowed; a second one aims
lower if the result came out too large.
"""

import errno
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av

from bot.domain.films import (
    AIM_SHARES,
    AUDIO_RATE,
    ClipPart,
    Encoding,
    Film,
    Part,
    TitlePart,
    clip_ms,
    encoding,
    film_of,
    frame_counts,
)
from bot.media.tool.answers import Problem, Progress
from bot.media.tool.film_pictures import Stretch, film_pictures
from bot.media.tool.film_sound import FilmSound
from bot.media.tool.limits import limit_resources
from bot.media.tool.reading import VideoSpan, span_of
from bot.media.tool.sounds import LAYOUT, SAMPLE_RATE

QUALITY = "20"
"""x264's constant rate factor: what is easy to encode takes less than the size allows."""
PRESET = "veryfast"
_MARGIN_BYTES = 1024 * 1024
"""Bytes that a first pass may come out larger than all that is allowed."""


def run(arguments: Sequence[str]) -> dict[str, object]:
    """Carry out the command. Raises Problem."""
    plan, target = Path(arguments[0]), Path(arguments[1])
    threads, cpu_seconds = int(arguments[2]), int(arguments[3])
    film = film_of(json.loads(plan.read_text()))
    limit_resources(film.size_max + _MARGIN_BYTES, cpu_seconds)
    stretches = _stretches(film)
    count = sum(stretch.count for stretch in stretches)
    seconds = float(count / film.format.rate)
    background = Path(film.background) if film.background else None
    sound = FilmSound(stretches, film.format.rate, background)
    progress = Progress(count)
    for number, share in enumerate(AIM_SHARES):
        size = encoding(film.format, seconds, int(film.size_max * share), sound=sound.exists)
        if size is None:
            break
        progress.begin_pass(number)
        written = _write(film, stretches, sound, size, target, threads, progress)
        if written <= film.size_max:
            return {
                "ms": round(seconds * 1000),
                "bytes": written,
                "width": size.width,
                "height": size.height,
                "background": sound.has_background,
            }
    raise Problem("too_large", f"{seconds:.1f} s do not fit into {film.size_max} bytes")


def _stretches(film: Film) -> list[Stretch]:
    """Return the film's parts with how many pictures each has. Raises Problem with the part that cannot be read."""
    parts = film.all_parts()
    spans = [_span(number, part) for number, part in enumerate(parts)]
    lengths = [_seconds(part, span) for part, span in zip(parts, spans, strict=True)]
    counts = frame_counts(lengths, film.format.rate)
    return [Stretch(*each) for each in zip(parts, spans, counts, strict=True)]


def _span(number: int, part: Part) -> VideoSpan | None:
    if isinstance(part, TitlePart):
        return None
    try:
        return span_of(Path(part.file))
    except (Problem, av.error.FFmpegError, ValueError) as problem:
        raise Problem("clip", f"{type(problem).__name__}: {problem}", part=number) from problem


def _seconds(part: Part, span: VideoSpan | None) -> Fraction:
    if isinstance(part, ClipPart) and span is not None:
        if part.start_ms == 0 and part.end_ms is None:
            return span.seconds
        return Fraction(clip_ms(part, round(span.seconds * 1000)), 1000)
    return Fraction(0) if isinstance(part, ClipPart) else Fraction(part.seconds)


def _write(
    film: Film,
    stretches: list[Stretch],
    sound: FilmSound,
    size: Encoding,
    target: Path,
    threads: int,
    progress: Progress,
) -> int:
    """Write the film and return its size in bytes. A film that had to be broken off has more than is allowed."""
    try:
        with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as written:
            video = _video_stream(written, size, film.format.rate, threads)
            audio = None
            if sound.exists:
                audio = written.add_stream("aac", rate=SAMPLE_RATE, layout=LAYOUT)
                audio.bit_rate = AUDIO_RATE
            blocks = sound.blocks() if audio is not None else None
            pictures = film_pictures(stretches, size, film.format.rate, film.fit)
            for number, picture in enumerate(pictures):
                picture.pts, picture.time_base = number, 1 / film.format.rate
                written.mux(video.encode(picture))
                if audio is not None and blocks is not None:
                    for block in next(blocks):
                        written.mux(audio.encode(block))
                progress.say(number + 1)
            written.mux(video.encode(None))
            if audio is not None and blocks is not None:
                for block in next(blocks):
                    written.mux(audio.encode(block))
                written.mux(audio.encode(None))
    except OSError as error:
        if error.errno == errno.EFBIG:
            return film.size_max + 1
        raise
    return target.stat().st_size


def _video_stream(
    written: av.container.OutputContainer, size: Encoding, rate: Fraction, threads: int
) -> av.VideoStream:
    video = written.add_stream("libx264", rate=rate)
    video.width, video.height, video.pix_fmt = size.width, size.height, "yuv420p"
    video.time_base = 1 / rate
    video.options = {
        "preset": PRESET,
        "crf": QUALITY,
        "maxrate": str(size.video_rate),
        "bufsize": str(size.video_rate),
    }
    context = video.codec_context
    context.thread_count = threads
    context.colorspace, context.color_primaries, context.color_trc, context.color_range = 1, 1, 1, 1  # BT.709
    return video
