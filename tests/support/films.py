"""What stands where Discord and the files of clips would be, for films of reels."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.domain.films import Transition
from bot.domain.reel_renders import ReelRender
from bot.engine.clips import ClipGone, ClipProblem
from bot.engine.reel_poster import Credits, FilmCard, FilmFailure, FilmMessage
from bot.media.clips import Clips
from bot.storage import reel_parts, reel_renders, reels
from bot.workers.film_making import FilmMaker
from bot.workers.reel_renders import ReelRenders
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench
from tests.support.clips import Clip, make
from tests.support.reel_panels import RecordingPanels

OTHER_MEMBER = 3002


@dataclass
class RecordingPoster:
    """Keeps what it is given. Set `trouble` to have the next posts fail."""

    folder: Path
    cards: list[FilmCard] = field(default_factory=list)
    films: list[FilmMessage] = field(default_factory=list)
    """As they were posted: `path` is a copy of the file."""
    failures: list[FilmFailure] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    card_trouble: list[Exception] = field(default_factory=list)
    age_restricted: bool = False
    lose_answers: int = 0
    _ids: Any = field(default_factory=lambda: count(700))
    _places: dict[int, tuple[int, int]] = field(default_factory=dict)

    async def show_card(self, card: FilmCard) -> int | None:
        if self.card_trouble:
            raise self.card_trouble.pop(0)
        self.cards.append(card)
        return card.message_id or next(self._ids)

    async def remove_card(self, channel_id: int, message_id: int) -> None:
        self.removed.append(message_id)

    async def credits(self, guild_id: int, maker_ids: Sequence[int]) -> Credits:
        return Credits("Clips by", {maker_id: f"member {maker_id}" for maker_id in maker_ids})

    async def is_age_restricted(self, channel_id: int) -> bool:
        return self.age_restricted

    async def find_posted(self, channel_id: int, render_id: int, since: float) -> tuple[int, int] | None:
        return self._places.get(render_id)

    async def post(self, film: FilmMessage) -> tuple[int, int]:
        if self.trouble:
            raise self.trouble.pop(0)
        kept = self.folder / f"posted-{len(self.films)}.mp4"
        shutil.copy(film.path, kept)
        self.films.append(replace(film, path=kept))
        self._places[film.render_id] = film.channel_id, next(self._ids)
        if self.lose_answers:
            self.lose_answers -= 1
            raise ConnectionResetError("the answer was lost")
        return self._places[film.render_id]

    async def tell_failure(self, failure: FilmFailure) -> None:
        self.failures.append(failure)


class ScriptedClips(Clips):
    """Hands out a small clip for each job. `trouble` names those that cannot be had, by the job's id."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.trouble: dict[str, list[Exception]] = {}
        """Job id → what the next attempts raise, the first one first."""
        self.clips: dict[str, Clip] = {}
        """Job id → what its clip is like."""
        self.age_restricted: set[str] = set()
        self.fetched: list[str] = []

    async def fetch(self, name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        if self.trouble.get(job_id):
            raise self.trouble[job_id].pop(0)
        if job_id in self.age_restricted and not age_restricted_place:
            raise ClipGone(ClipProblem.AGE_RESTRICTED)
        self.fetched.append(job_id)
        return make(self.folder / f"{name}-1.mp4", self.clips.get(job_id, Clip(frames=12)))

    async def discard(self, name: str) -> None:
        (self.folder / f"{name}-1.mp4").unlink(missing_ok=True)


@dataclass
class FilmRoom:
    """A reel of clips by two members, and the worker that renders it."""

    engine: Bench
    poster: RecordingPoster
    clips: ScriptedClips
    worker: ReelRenders
    reel_id: int = 0
    jobs: list[str] = field(default_factory=list)

    async def build(self, clips: int = 2) -> None:
        """Make a reel of a title card and some clips."""
        now = self.engine.context.clock()
        write = self.engine.database.write
        self.reel_id = await write(reels.add, GUILD, CHANNEL, MEMBER, "The lighthouse", now)
        await write(reel_parts.add_title, self.reel_id, "The lighthouse", 1.0, MEMBER, now)
        for number in range(clips):
            member = (OTHER_MEMBER, MEMBER)[number % 2]
            job = await self.engine.ask(f"clip {number}", member=member)
            await self.engine.finish(job)
            await write(reel_parts.add_clip, self.reel_id, job.id, 0, member, now)
            self.jobs.append(job.id)

    async def ask(self) -> int:
        """Have the reel rendered, and return the render's id."""
        now = self.engine.context.clock()
        return await self.engine.database.write(reel_renders.ask, self.reel_id, GUILD, CHANNEL, MEMBER, now)

    async def work(self) -> None:
        """Take a step, and let it come to its end."""
        await self.worker.step()
        if (task := self.worker.under_way) is not None:
            await task

    async def work_until_ended(self, render_id: int) -> ReelRender:
        """Let time pass and work, as the loop would, until a render has ended."""
        for _ in range(30):
            await self.work()
            render = await self.render(render_id)
            if render.ended_at is not None:
                return render
            self.engine.studio.advance(300)
        raise AssertionError(f"it did not end: {render}")

    async def render(self, render_id: int) -> ReelRender:
        render = await self.engine.database.read(reel_renders.find, render_id)
        assert render is not None
        return render

    async def fade_all(self) -> None:
        """Have every part fade in."""

        def write(conn: Connection) -> None:
            for part in reel_parts.of_reel(conn, self.reel_id):
                reel_parts.change(conn, self.reel_id, part.id, transition=Transition.FADE)

        await self.engine.database.write(write)


def film_room(engine: Bench, folder: Path, *, seconds_max: int = 300) -> FilmRoom:
    """Return the room without its reel."""
    clips, poster = ScriptedClips(folder / "clips"), RecordingPoster(folder)
    maker = FilmMaker(clips.folder, clips, seconds_max=seconds_max, threads=1)
    worker = ReelRenders(engine.context, poster, maker, RecordingPanels())
    return FilmRoom(engine, poster, clips, worker)
