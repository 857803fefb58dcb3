"""The sound of a film: that of its parts one after the other, and one that is mixed under all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av

from bot.domain.films import FADE_SECONDS, ClipPart, Transition
from bot.media.tool.film_pictures import Stretch
from bot.media.tool.loudness import BACKGROUND_LU, TARGET_LUFS, gain_of
from bot.media.tool.sounds import LAYOUT, SAMPLE_FORMAT, SAMPLE_RATE, Sound, has_sound, silence

_TIME_BASE = Fraction(1, SAMPLE_RATE)
_END_FADE_SECONDS = 2.0
"""Seconds in which a background goes away at the end of a film."""
_LIMITER = "limit=0.89:level=false:latency=true"
"""Keeps sounds that are mixed below full scale, without a shift in time."""


@dataclass(slots=True)
class _Source:
    """A file whose sound is heard, from when of its own time, and by how many dB louder."""

    file: Path
    begin: Fraction | None
    repeated: bool = False
    gain: float = 0.0

    def measure(self, seconds: Fraction, target: float) -> None:
        sound = Sound(self.file, self.begin)
        self.gain = gain_of(sound, seconds, target)
        sound.close()


class FilmSound:
    """What is heard in a film. It is measured once, and can be read several times."""

    def __init__(self, stretches: Sequence[Stretch], rate: Fraction, background: Path | None) -> None:
        """Look at the files, and measure how loud they are."""
        self._stretches, self._rate = stretches, rate
        self._sources = [_source_of(stretch) for stretch in stretches]
        self._background: _Source | None = None
        for source, stretch in zip(self._sources, stretches, strict=True):
            if source is not None:
                source.measure(stretch.count / rate, TARGET_LUFS)
        if background is not None and has_sound(background):
            self._background = _Source(background, None, repeated=True)
            target = TARGET_LUFS - BACKGROUND_LU if any(self._sources) else TARGET_LUFS
            self._background.measure(self._seconds, target)

    @property
    def has_background(self) -> bool:
        """Whether the sound behind all parts can be heard."""
        return self._background is not None

    @property
    def exists(self) -> bool:
        """Whether the film has any sound."""
        return self._background is not None or any(self._sources)

    @property
    def _seconds(self) -> Fraction:
        return sum(stretch.count for stretch in self._stretches) / self._rate

    def blocks(self) -> Iterator[list[av.AudioFrame]]:
        """Yield for each picture of the film the sound that is ready then, and at last the rest."""
        mixer = _Mixer(2 if self._background is not None else 1)
        background = _Track(self._background, self._seconds, fade_out=_END_FADE_SECONDS)
        place = number = 0
        for track, stretch in zip(self._tracks(), self._stretches, strict=True):
            for _ in range(stretch.count):
                number += 1
                count = round(number * SAMPLE_RATE / self._rate) - place
                mixer.put(0, track.read(count), place)
                if self._background is not None:
                    mixer.put(1, background.read(count), place)
                place += count
                yield mixer.ready()
            track.close()
        background.close()
        yield mixer.rest()

    def _tracks(self) -> Iterator["_Track"]:
        fades = [FADE_SECONDS / 2 if each.part.transition is Transition.FADE else 0.0 for each in self._stretches]
        borders = pairwise([*fades, 0.0])
        for source, stretch, (fade_in, fade_out) in zip(self._sources, self._stretches, borders, strict=True):
            yield _Track(source, stretch.count / self._rate, fade_in, fade_out)


def _source_of(stretch: Stretch) -> _Source | None:
    part, span = stretch.part, stretch.span
    if not isinstance(part, ClipPart) or not part.sound or span is None or not has_sound(Path(part.file)):
        return None
    return _Source(Path(part.file), span.begin * span.time_base + Fraction(part.start_ms, 1000))


class _Track:
    """One sound in its loudness, with its fades; silence where there is no source."""

    def __init__(self, source: _Source | None, seconds: Fraction, fade_in: float = 0.0, fade_out: float = 0.0) -> None:
        self._sound = None if source is None else Sound(source.file, source.begin, repeated=source.repeated)
        self._place = 0
        self._graph = av.filter.Graph()
        nodes = [_buffer(self._graph), self._graph.add("volume", f"{source.gain if source else 0:.3f}dB")]
        if fade_in:
            nodes.append(self._graph.add("afade", f"t=in:d={fade_in}"))
        if fade_out:
            begin = max(0.0, float(seconds) - fade_out)
            nodes.append(self._graph.add("afade", f"t=out:st={begin:.6f}:d={fade_out}"))
        nodes.append(self._graph.add("abuffersink"))
        self._graph.link_nodes(*nodes).configure()

    def read(self, count: int) -> av.AudioFrame:
        """Return the next `count` samples."""
        if self._sound is None:
            return silence(count)
        block = self._sound.read(count)
        block.pts, block.time_base = self._place, _TIME_BASE
        self._place += count
        self._graph.push(block)
        heard = self._graph.pull()
        if not isinstance(heard, av.AudioFrame):
            raise TypeError("a filter of sound gave something else")
        return heard

    def close(self) -> None:
        """Close the file."""
        if self._sound is not None:
            self._sound.close()


class _Mixer:
    """Add sounds, and keep the sum below full scale. What comes out follows what was put in by some milliseconds."""

    def __init__(self, inputs: int) -> None:
        self._graph = av.filter.Graph()
        sources = [_buffer(self._graph) for _ in range(inputs)]
        mix = self._graph.add("amix", f"inputs={inputs}:normalize=0:duration=first") if inputs > 1 else None
        limiter, sink = self._graph.add("alimiter", _LIMITER), self._graph.add("abuffersink")
        for number, source in enumerate(sources):
            source.link_to(mix or limiter, 0, number)
        if mix is not None:
            mix.link_to(limiter)
        limiter.link_to(sink)
        self._graph.configure()

    def put(self, at: int, block: av.AudioFrame, place: int) -> None:
        """Put samples into one input; `place` counts the samples before them."""
        block.pts, block.time_base = place, _TIME_BASE
        self._graph.push(block, at)

    def ready(self) -> list[av.AudioFrame]:
        """Return the blocks that are ready."""
        found: list[av.AudioFrame] = []
        while True:
            try:
                block = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return found
            if isinstance(block, av.AudioFrame):
                found.append(block)

    def rest(self) -> list[av.AudioFrame]:
        """End all inputs, and return what is left."""
        self._graph.push(None)
        return self.ready()


def _buffer(graph: av.filter.Graph) -> av.filter.context.FilterContext:
    return graph.add_abuffer(sample_rate=SAMPLE_RATE, format=SAMPLE_FORMAT, layout=LAYOUT, time_base=_TIME_BASE)
