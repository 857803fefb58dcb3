"""Reels lose what a member wrote and made, and stay their community's; with time and with their guild they go whole."""

from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.films import ClipFacts
from bot.domain.privacy import Policy
from bot.domain.reel_renders import ReelRenderState
from bot.domain.reels import ClipCondition, Reel, ReelClip, ReelPart
from bot.engine.notifier import DeliveryLater
from bot.services.privacy import Privacy
from bot.storage import guild_erasing, postings, reel_panels, reel_parts, reel_renders, reels
from bot.storage.personal_data import rows_about
from bot.storage.tables import metadata
from bot.workers.erasures import Erasures
from bot.workers.reel_panels import DuePanels
from bot.workers.retention import Retention
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench
from tests.support.reel_panels import RecordingPanels
from tests.support.removal import RecordingRemover
from tests.workers.test_erasures import DAY, OTHER_MEMBER

OF_REELS = [table for table in metadata.sorted_tables if table.name.startswith("reel")]


class Room:
    """A reel of two members' clips, and what erases."""

    def __init__(self, engine: Bench) -> None:
        self.engine, self.database = engine, engine.database
        self.privacy = Privacy(engine.context, Policy())
        self.remover = RecordingRemover()
        self.worker = Erasures(engine.context, self.remover)
        self.reel_id = 0

    async def build(self) -> None:
        now = self.engine.context.clock()
        self.reel_id = await self.database.write(reels.add, GUILD, CHANNEL, MEMBER, "The lighthouse", now)
        for member in (MEMBER, OTHER_MEMBER):
            job = await self.engine.ask(f"of {member}", member=member)
            await self.engine.finish(job)
            await self.database.write(reel_parts.add_clip, self.reel_id, job.id, 0, member, now)
        await self.database.write(reel_parts.add_title, self.reel_id, "The end", 3.0, OTHER_MEMBER, now)
        await self.database.write(reels.set_members, self.reel_id, [MEMBER, OTHER_MEMBER])
        self.engine.studio.advance(1)

    async def render(self, state: ReelRenderState, *makers: int, **values: Any) -> int:
        def write(conn: Connection) -> int:
            now = self.engine.context.clock()
            render_id = reel_renders.ask(conn, self.reel_id, GUILD, CHANNEL, OTHER_MEMBER, now)
            reel_renders.change(conn, render_id, state=state, **values)
            reel_renders.note_makers(conn, render_id, makers)
            return render_id

        return await self.database.write(write)

    async def erase(self, member: int = MEMBER, *, delete_messages: bool = False) -> None:
        await self.engine.cards.step()
        await self.privacy.erase(member, None, delete_messages=delete_messages)
        await self.work()

    async def work(self) -> None:
        for _ in range(50):
            if await self.worker.step() > 0:
                return
        raise AssertionError("the worker does not come to an end")

    async def reel(self) -> Reel:
        reel = await self.database.read(reels.find, self.reel_id)
        assert reel is not None
        return reel

    async def parts(self) -> list[ReelPart]:
        return await self.database.read(reel_parts.of_reel, self.reel_id)

    async def rows(self) -> dict[str, int]:
        def count(conn: Connection) -> dict[str, int]:
            return {t.name: conn.execute(select(func.count()).select_from(t)).scalar_one() for t in OF_REELS}

        return await self.database.read(count)


@pytest.fixture
async def room(engine: Bench) -> Room:
    room = Room(engine)
    await room.build()
    return room


async def test_a_member_leaves_a_reel_and_the_others_go_on_with_it(room: Room) -> None:
    before = await room.reel()
    await room.erase()
    reel, parts = await room.reel(), await room.parts()
    assert (reel.title, reel.maker_id < 0, reel.version > before.version) == ("", True, True)
    assert [(part.maker_id if isinstance(part, ReelClip) else part.text) for part in parts] == [OTHER_MEMBER, "The end"]
    assert await room.database.read(reels.members, room.reel_id) == [OTHER_MEMBER]


async def test_what_somebody_else_made_stays_when_it_was_added_by_an_erased_member(room: Room) -> None:
    await room.erase(OTHER_MEMBER)
    [clip] = await room.parts()
    assert isinstance(clip, ReelClip)
    assert clip.maker_id == MEMBER
    assert (await room.reel()).title == "The lighthouse"


async def test_a_film_that_is_being_rendered_begins_again_without_the_erased_clip(room: Room) -> None:
    values = {"lease_owner": "one", "lease_until": 9e9, "due_at": 9e9, "progress": 40}
    render_id = await room.render(ReelRenderState.RUNNING, **values)
    await room.erase()
    render = await room.database.read(reel_renders.find, render_id)
    assert render is not None
    assert (render.state, render.progress) == (ReelRenderState.WAITING, 0)
    assert render.asked_by == OTHER_MEMBER


@pytest.mark.parametrize("delete_messages", [True, False])
async def test_a_posted_film_with_a_members_clip_is_deleted_only_if_the_member_wants_it(
    room: Room, delete_messages: bool
) -> None:
    now = room.engine.context.clock()
    posted = {"message_channel_id": CHANNEL, "message_id": 77, "ended_at": now}
    render_id = await room.render(ReelRenderState.DONE, MEMBER, OTHER_MEMBER, **posted)
    await room.render(ReelRenderState.DONE, OTHER_MEMBER, **posted | {"message_id": 78})
    room.engine.studio.advance(1)
    room.remover.trouble = [DeliveryLater("Discord is down", 30.0)] if delete_messages else []
    await room.erase(delete_messages=delete_messages)
    room.engine.studio.advance(60)
    await room.work()
    assert [pair for pair in room.remover.removed if pair[1] in (77, 78)] == [(CHANNEL, 77)] * delete_messages
    render = await room.database.read(reel_renders.find, render_id)
    assert render is not None
    assert (render.deleted_at is None) is not delete_messages
    assert (await room.rows())["reel_render_makers"] == 2, "the other member, in both films"


async def test_the_words_of_a_clips_job_go_and_the_clip_with_them(room: Room) -> None:
    room.engine.studio.advance(91 * DAY)
    await room.database.write(reels.change, room.reel_id, room.engine.context.clock())
    await room.engine.cards.step()
    await Retention(room.engine.context, 90).step()
    assert [part for part in await room.parts() if isinstance(part, ReelClip)] == []
    assert len(await room.parts()) == 1, "the title card"


async def test_a_reel_that_nobody_goes_on_with_is_forgotten_unless_it_is_being_rendered(room: Room) -> None:
    render_id = await room.render(ReelRenderState.WAITING, MEMBER)
    retention = Retention(room.engine.context, 90)
    room.engine.studio.advance(91 * DAY)
    await retention.step()
    assert (await room.rows())["reels"] == 1
    await room.database.write(reel_renders.change, render_id, state=ReelRenderState.DONE)
    await retention.step()
    assert set((await room.rows()).values()) == {0}


async def test_a_guilds_reels_go_with_it(room: Room) -> None:
    await room.render(ReelRenderState.DONE, MEMBER)
    await room.database.write(reels.set_sound, room.reel_id, "sea.mp3", b"waves", MEMBER)
    await room.database.write(guild_erasing.forget, GUILD, room.engine.context.clock())
    assert set((await room.rows()).values()) == {0}


async def test_an_export_has_a_members_reels_without_pictures_and_sounds(room: Room) -> None:
    await room.database.write(reels.set_sound, room.reel_id, "sea.mp3", b"waves", MEMBER)
    rows = await room.database.read(lambda conn: dict(rows_about(conn, MEMBER)))
    assert [row["title"] for row in rows["reels"]] == ["The lighthouse"]
    assert [(row["name"], "content" in row) for row in rows["reel_sounds"]] == [("sea.mp3", False)]
    assert len(rows["reel_clips"]) == 1


async def test_the_panel_is_drawn_anew_without_what_was_erased_or_deleted(room: Room) -> None:
    panels, database, clock = RecordingPanels(), room.database, room.engine.context.clock
    worker = DuePanels(room.engine.context, panels)
    await database.write(reels.set_panel, room.reel_id, CHANNEL, 66)
    await worker.step()
    assert panels.drawn == []
    clip = (await room.parts())[1]
    assert isinstance(clip, ReelClip)
    facts = ClipFacts(64, 64, Fraction(24), 8000, sound=True, size=9)
    await database.write(reel_parts.note_facts, clip.job_id, 0, facts, b"picture")
    await database.write(postings.note_deleted, clip.job_id, OTHER_MEMBER, clock())
    await worker.step()
    assert panels.drawn == [(GUILD, room.reel_id, None)]
    assert await database.read(reel_parts.thumbnails, [clip.id]) == {}
    await room.erase()
    await worker.step()
    await worker.step()
    assert len(panels.drawn) == 2
    assert await database.read(reel_panels.next_due) is None


async def test_a_panel_whose_worker_died_is_drawn_by_another(room: Room) -> None:
    database, clock = room.database, room.engine.context.clock
    await database.write(reels.set_panel, room.reel_id, CHANNEL, 66)
    await database.write(reel_panels.set_due, [room.reel_id], clock())
    first = await database.write(reel_panels.claim, clock(), 60.0)
    assert first is not None
    assert await database.write(reel_panels.claim, clock(), 60.0) is None
    room.engine.studio.advance(61)
    assert await database.write(reel_panels.claim, clock(), 60.0) is not None
    await database.write(reel_panels.drawn, first)
    assert await database.read(reel_panels.next_due) is not None, "it is the second worker's"


async def test_a_deleted_video_is_not_ready_to_be_in_a_film(room: Room) -> None:
    clip, other, _ = await room.parts()
    assert isinstance(clip, ReelClip)
    assert clip.condition is ClipCondition.READY
    await room.database.write(postings.note_deleted, clip.job_id, MEMBER, room.engine.context.clock())
    conditions = [part.condition for part in await room.parts() if isinstance(part, ReelClip)]
    assert conditions == [ClipCondition.GONE, ClipCondition.READY]
    assert isinstance(other, ReelClip)
