"""The sound of one file as an even stream of samples: silence where it has gaps, before it begins and after it ends."""

from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path

import av

from bot.media.tool.answers import Problem
from bot.media.tool.reading import FORMATS, frames_in, open_media

SAMPLE_RATE = 48_000
LAYOUT, SAMPLE_FORMAT = "stereo", "fltp"
_GAP_SAMPLES_MIN = SAMPLE_RATE // 50
"""Samples by which a time stamp may be off before it counts. Less is rounding."""
_SEEK_SECONDS = Fraction(1, 2)
"""How much earlier than wanted a file is read: the first sound after a jump may be wrong."""


class Sound:
    """Read a file's sound from `begin` on, in seconds of the file's own time; None: from its first sample.

    `repeated` says that it begins again where it ends.
    """

    def __init__(self, source: Path, begin: Fraction | None = None, *, repeated: bool = False) -> None:
        self._blocks = _again_and_again(source) if repeated else _blocks(source, begin)
        self._waiting = av.AudioFifo()
        self.ended = False
        """Whether the file has no more sound."""

    def read(self, count: int) -> av.AudioFrame:
        """Return the next `count` samples. After the end of the file they are silent."""
        while self._waiting.samples < count and not self.ended:
            block = next(self._blocks, None)
            if block is None:
                self.ended = True
            else:
                put(self._waiting, block)
        if (missing := count - self._waiting.samples) > 0:
            put(self._waiting, silence(missing))
        return _timeless(self._waiting.read(count))

    @property
    def waiting(self) -> int:
        """Samples of the file that were read and not asked for."""
        return self._waiting.samples

    def close(self) -> None:
        """Close the file."""
        self._blocks.close()


def has_sound(source: Path) -> bool:
    """Return whether a file has sound that can be decoded."""
    try:
        with open_media(source, FORMATS) as container:
            if not container.streams.audio:
                return False
            return next(frames_in(container, container.streams.audio[0]), None) is not None
    except (av.error.FFmpegError, Problem):
        return False


def silence(count: int) -> av.AudioFrame:
    """Return samples without sound."""
    block = av.AudioFrame(SAMPLE_FORMAT, LAYOUT, count)
    block.sample_rate = SAMPLE_RATE
    for plane in block.planes:
        plane.update(bytes(plane.buffer_size))
    return block


def put(queue: av.AudioFifo, block: av.AudioFrame) -> None:
    """Put samples into a queue, whatever their time stamps say."""
    queue.write(_timeless(block))


def _timeless(block: av.AudioFrame | None) -> av.AudioFrame:
    if block is None:
        raise ValueError("no samples are left")
    block.pts, block.time_base = None, Fraction(1, SAMPLE_RATE)  # blocks of one queue must be alike
    return block


def _again_and_again(source: Path) -> Generator[av.AudioFrame]:
    """Yield a file's samples without an end, unless it has none."""
    heard = True
    while heard:
        heard = False
        for block in _blocks(source, None):
            heard = True
            yield block


def _blocks(source: Path, begin: Fraction | None) -> Generator[av.AudioFrame]:
    """Yield a file's samples in the film's format, without gaps, from `begin` on."""
    with open_media(source, FORMATS) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        if begin is not None and begin > _SEEK_SECONDS and stream.time_base:
            container.seek(int((begin - _SEEK_SECONDS) / stream.time_base), stream=stream, backward=True)
        place = 0
        for block in _resampled(container, stream):
            at = place
            if block.pts is not None and block.time_base is not None:
                if begin is None:
                    begin = block.pts * block.time_base
                at = round((block.pts * block.time_base - begin) * SAMPLE_RATE)
            if at - place >= _GAP_SAMPLES_MIN:
                for length in _lengths(at - place):
                    yield silence(length)
                place = at
            if place - at >= _GAP_SAMPLES_MIN or (place == 0 and at < 0):
                cut = min(block.samples, place - at)
                if cut == block.samples:
                    continue
                kept = _without_first(block, cut)
            else:
                kept = block
            place += kept.samples
            yield kept


def _resampled(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """Yield a stream's samples in the film's format, also where their own changes in the middle."""
    resampler, made_for = av.AudioResampler(SAMPLE_FORMAT, LAYOUT, SAMPLE_RATE), None
    for block in frames_in(container, stream):
        if not isinstance(block, av.AudioFrame):
            continue
        kind = (block.format.name, block.layout.name, block.sample_rate)
        if made_for not in {None, kind}:
            yield from resampler.resample(None)
            resampler = av.AudioResampler(SAMPLE_FORMAT, LAYOUT, SAMPLE_RATE)
        made_for = kind
        yield from resampler.resample(block)
    yield from resampler.resample(None)


def _lengths(count: int) -> Iterator[int]:
    """Yield lengths of at most a second that add up to `count`."""
    while count > 0:
        yield min(count, SAMPLE_RATE)
        count -= SAMPLE_RATE


def _without_first(block: av.AudioFrame, count: int) -> av.AudioFrame:
    queue = av.AudioFifo()
    put(queue, block)
    queue.read(count)
    return _timeless(queue.read())
