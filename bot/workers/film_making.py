"""Make the film of a reel: its clips are fetched, looked at and joined, in a folder of its own."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.film_problems import FilmProblem
from bot.domain.films import ClipFacts, ClipPart, Film, TitlePart, choose_format, clip_ms
from bot.domain.media_type import HEAD_BYTES, sound_suffix_of
from bot.domain.reels import Reel, ReelClip, TitleCard
from bot.engine.clips import ClipGone
from bot.engine.reel_poster import Credits
from bot.media.clip_facts import Unreadable, clip_facts
from bot.media.clips import Clips
from bot.media.joining import Joined, JoiningFailed, join
from bot.media.limited_process import Progress

log = logging.getLogger(__name__)

BYTES_MAX = 1024**3
"""Bytes of all clips that are fetched for one film."""
FREE_BYTES_MIN = 256 * 1024**2
"""Bytes that stay free on the disk: the bot's database may be on it."""
_PROBLEMS = {
    "too_large": FilmProblem.TOO_LARGE,
    "memory": FilmProblem.MEMORY,
    "time": FilmProblem.TIME,
    "disk": FilmProblem.DISK,
}


class FilmFailed(Exception):
    """The film cannot be made, and trying again changes nothing. The message is for the log."""

    def __init__(self, problem: FilmProblem, why: str = "") -> None:
        super().__init__(why or problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ReelContent:
    """What a film is made of, as it stands when its rendering begins."""

    reel: Reel
    parts: tuple[ReelClip | TitleCard, ...]
    """Those that can be in a film, in their order."""
    background: bytes | None
    """The file of the sound behind all parts."""


@dataclass(frozen=True, slots=True)
class FetchedPart:
    """A part of a reel; a clip with its file."""

    part: ReelClip | TitleCard
    file: Path | None = None
    facts: ClipFacts | None = None

    @property
    def ms(self) -> int:
        """Milliseconds that it takes in the film."""
        if isinstance(self.part, TitleCard):
            return round(self.part.seconds * 1000)
        return clip_ms(_clip_part(self, self.part), self.facts.ms if self.facts is not None else 1)


@dataclass(frozen=True, slots=True)
class Fetched:
    """All parts that are in a film, and how many could not be had."""

    parts: tuple[FetchedPart, ...]
    dropped: int

    @property
    def makers(self) -> tuple[int, ...]:
        """Whose clips are in it, in the order of their first clips."""
        return tuple(dict.fromkeys(each.part.maker_id for each in self.parts if isinstance(each.part, ReelClip)))

    @property
    def clips(self) -> int:
        """How many clips are in it."""
        return sum(isinstance(each.part, ReelClip) for each in self.parts)


class FilmMaker:
    """Makes one film at a time; files are in `folder` until `discard`."""

    def __init__(self, folder: Path, clips: Clips, *, seconds_max: int, threads: int) -> None:
        self._folder = folder
        self._clips = clips
        self._seconds_max = seconds_max
        self._threads = threads
        self._names: set[str] = set()

    async def fetch(self, render_id: int, content: ReelContent, *, age_restricted_place: bool) -> Fetched:
        """Fetch and look at every clip; those that are gone for good are left out.

        Raises ClipUnreachable where one can be had later, and FilmFailed.
        """
        known: dict[tuple[str, int], FetchedPart | None] = {}
        size = 0
        for part in content.parts:
            if isinstance(part, TitleCard) or (key := (part.job_id, part.file_position)) in known:
                continue
            self._require_room()
            one = await self._fetch_one(f"film_{render_id}_{len(known)}", part, age_restricted_place)
            known[key] = one
            size += one.facts.size if one is not None and one.facts is not None else 0
            if size > BYTES_MAX:
                raise FilmFailed(FilmProblem.TOO_MANY_BYTES, f"more than {BYTES_MAX} bytes")
        parts = [_of(part, known) for part in content.parts]
        there = tuple(part for part in parts if part is not None)
        fetched = Fetched(there, len(parts) - len(there))
        if fetched.clips == 0:
            raise FilmFailed(FilmProblem.EMPTY, "no clip of it is left")
        return fetched

    async def _fetch_one(self, name: str, clip: ReelClip, age_restricted_place: bool) -> FetchedPart | None:
        fields = {"action": "film", "job": clip.job_id}
        self._names.add(name)
        try:
            file = await self._clips.fetch(
                name, clip.job_id, clip.file_position, age_restricted_place=age_restricted_place
            )
            return FetchedPart(clip, file, await clip_facts(file))
        except ClipGone as gone:
            log.info("job %s: its clip is left out: %s", clip.job_id, gone.problem, extra=fields)
        except Unreadable as problem:
            log.warning("job %s: its clip is left out: %s", clip.job_id, problem, extra=fields)
            await self._clips.discard(name)
        return None

    def _require_room(self) -> None:
        """Require room on the disk. Raises FilmFailed."""
        free = shutil.disk_usage(self._folder).free
        if free < FREE_BYTES_MIN:
            raise FilmFailed(FilmProblem.DISK, f"{free} bytes are free")

    async def join(
        self,
        render_id: int,
        content: ReelContent,
        fetched: Fetched,
        size_max: int,
        named: Credits,
        on_progress: Callable[[Progress], None],
    ) -> tuple[Joined, Fetched]:
        """Join what was fetched to a file of at most `size_max` bytes, and return it with what is in it.

        A clip that turns out to be broken is left out. Raises FilmFailed.
        """
        target = self._folder / f"film_{render_id}.mp4"
        background = await self._background(render_id, content.background)
        while True:
            film = self._film(content, fetched, size_max, background, named.lines(fetched.makers))
            seconds = _seconds(film, fetched)
            if seconds > self._seconds_max:
                raise FilmFailed(FilmProblem.TOO_LONG, f"{seconds:.0f} s")
            self._require_room()
            try:
                joined = await join(film, target, seconds, threads=self._threads, on_progress=on_progress)
            except JoiningFailed as failed:
                if failed.code != "clip" or failed.part is None or failed.part >= len(fetched.parts):
                    raise FilmFailed(_PROBLEMS.get(failed.code, FilmProblem.BROKEN), str(failed)) from failed
                fetched = _without(fetched, failed.part)
            else:
                return joined, fetched

    async def _background(self, render_id: int, content: bytes | None) -> Path | None:
        if content is None:
            return None
        suffix = sound_suffix_of(content[:HEAD_BYTES])
        path = self._folder / f"film_{render_id}_background{suffix or '.unknown'}"
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            raise FilmFailed(FilmProblem.DISK, str(error)) from error
        return path

    @staticmethod
    def _film(
        content: ReelContent, fetched: Fetched, size_max: int, background: Path | None, lines: tuple[str, ...]
    ) -> Film:
        facts = [replace(each.facts, ms=each.ms) for each in fetched.parts if each.facts is not None]
        return Film(
            choose_format(facts),
            tuple(
                TitlePart(each.part.text, each.part.seconds, each.part.transition)
                if isinstance(each.part, TitleCard)
                else _clip_part(each, each.part)
                for each in fetched.parts
            ),
            size_max,
            content.reel.fit,
            None if background is None else str(background),
            lines,
        )

    async def discard(self, render_id: int) -> None:
        """Remove all files of a film."""
        for name in self._names:
            await self._clips.discard(name)
        self._names.clear()

        def remove() -> None:
            for path in (*self._folder.glob(f"film_{render_id}.*"), *self._folder.glob(f"film_{render_id}_*")):
                path.unlink(missing_ok=True)

        await asyncio.to_thread(remove)


def _of(part: ReelClip | TitleCard, known: dict[tuple[str, int], FetchedPart | None]) -> FetchedPart | None:
    """Return a part with the file of its clip; None where that could not be had. A clip may be in a reel twice."""
    if isinstance(part, TitleCard):
        return FetchedPart(part)
    one = known[part.job_id, part.file_position]
    return None if one is None else replace(one, part=part)


def _clip_part(fetched: FetchedPart, clip: ReelClip) -> ClipPart:
    return ClipPart(str(fetched.file), clip.start_ms, clip.end_ms, clip.sound, clip.transition)


def _seconds(film: Film, fetched: Fetched) -> float:
    pages = film.all_parts()[len(film.parts) :]
    return sum(each.ms for each in fetched.parts) / 1000 + sum(
        page.seconds for page in pages if isinstance(page, TitlePart)
    )


def _without(fetched: Fetched, number: int) -> Fetched:
    """Return what is left without the file of one part, wherever it is in the film. Raises FilmFailed."""
    file = fetched.parts[number].file
    parts = tuple(each for each in fetched.parts if file is None or each.file != file)
    left = Fetched(parts, fetched.dropped + len(fetched.parts) - len(parts))
    if left.clips == 0 or len(parts) == len(fetched.parts):
        raise FilmFailed(FilmProblem.EMPTY, "no clip of it can be read")
    return left
