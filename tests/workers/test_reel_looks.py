"""Clips of reels are looked at, once their videos are made: length, size, and a small picture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.media_type import suffix_of
from bot.domain.reels import ReelClip
from bot.engine.clips import ClipUnreachable
from bot.media.clips import Clips
from bot.media.download import Downloads
from bot.storage import postings, reel_looks, reel_parts, reels
from bot.storage.database import Database
from bot.workers.reel_looks import AGAIN_SECONDS, LEASE_SECONDS, ReelLooks
from tests.media.test_clips import ScriptedAddresses
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench, bench
from tests.support.reel_panels import RecordingPanels


class Room:
    """A reel with one clip, whose video is not made yet."""

    def __init__(self, engine: Bench, downloads: Downloads) -> None:
        self.engine = engine
        self.addresses, self.panels = ScriptedAddresses(), RecordingPanels()
        self.worker = ReelLooks(engine.context, Clips(engine.context, downloads, self.addresses), self.panels)
        self.reel_id, self.part_id = 0, 0

    async def build(self) -> None:
        self.job = await self.engine.ask()
        now = self.engine.context.clock()
        write = self.engine.database.write
        self.reel_id = await write(reels.add, GUILD, CHANNEL, MEMBER, "The lighthouse", now)
        self.part_id = await write(reel_parts.add_clip, self.reel_id, self.job.id, 0, MEMBER, now)

    async def finish(self) -> None:
        """Have the video made and posted."""
        await self.engine.submit()
        self.engine.studio.advance(60)
        await self.engine.studio.wait_for(lambda studio: all(job.over for job in studio.jobs))
        await self.engine.finish(self.job)

    async def clip(self) -> ReelClip:
        [clip] = await self.engine.database.read(reel_parts.of_reel, self.reel_id)
        assert isinstance(clip, ReelClip)
        return clip

    async def due(self) -> float | None:
        return await self.engine.database.read(reel_looks.next_due)


async def made(database: Database, tmp_path: Path, *, render: bool) -> AsyncIterator[Room]:
    async with (
        bench(database, tmp_path, render=render) as engine,
        Downloads(tmp_path / "clips", engine.studio.base_url) as downloads,
    ):
        room = Room(engine, downloads)
        await room.build()
        yield room


@pytest.fixture
async def room(database: Database, tmp_path: Path) -> AsyncIterator[Room]:
    async for room in made(database, tmp_path, render=True):
        yield room


@pytest.fixture
async def room_of_bytes(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Room]:
    """Its video is no video."""
    async for room in made(sqlite_database, tmp_path, render=False):
        yield room


async def test_a_clip_is_looked_at_when_its_video_is_made(room: Room) -> None:
    assert await room.due() is None
    await room.worker.step()
    assert room.panels.drawn == []
    await room.finish()
    await room.worker.step()
    clip = await room.clip()
    assert clip.facts is not None
    assert (clip.facts.width > clip.facts.height > 0, clip.facts.sound, clip.facts.ms) == (True, True, 8000)
    [picture] = (await room.engine.database.read(reel_parts.thumbnails, [clip.id])).values()
    assert suffix_of(picture[:64]) == ".jpg"
    assert room.panels.drawn == [(GUILD, room.reel_id, room.part_id)]
    assert await room.due() is None


async def test_a_clip_that_cannot_be_fetched_now_is_looked_at_later(room_of_bytes: Room) -> None:
    room = room_of_bytes
    await room.finish()
    room.addresses.trouble = ClipUnreachable()
    await room.worker.step()
    now = room.engine.context.clock()
    assert await room.due() == pytest.approx(now + AGAIN_SECONDS, abs=10)


async def test_a_file_that_is_no_video_is_not_looked_at_again(room_of_bytes: Room) -> None:
    room = room_of_bytes
    await room.finish()
    await room.worker.step()
    assert await room.due() is None
    assert (await room.clip()).facts is None
    assert room.panels.drawn == [(GUILD, room.reel_id, room.part_id)], "it says no more that a video is being made"


async def test_a_clip_whose_worker_died_is_taken_by_another_and_a_deleted_video_by_none(room_of_bytes: Room) -> None:
    room, database = room_of_bytes, room_of_bytes.engine.database
    await room.finish()
    clock = room.engine.context.clock
    assert await database.write(reel_looks.claim, clock(), LEASE_SECONDS) is not None
    assert await database.write(reel_looks.claim, clock(), LEASE_SECONDS) is None
    room.engine.studio.advance(LEASE_SECONDS + 1)
    await database.write(postings.note_deleted, room.job.id, MEMBER, clock())
    assert await database.write(reel_looks.claim, clock(), LEASE_SECONDS) is None
