"""Reels under many hands at once, on both kinds of database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from fractions import Fraction
from pathlib import Path

import pytest

from bot.domain.films import ClipFacts
from bot.domain.reel_edits import AddCard, CutOut, MovePart
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_renders import ReelRenderState
from bot.domain.reel_rules import PARTS_MAX, REELS_OF_MEMBER_MAX, SOUND_BYTES_MAX, SOUNDS_OF_GUILD_BYTES_MAX, Actor
from bot.domain.reels import Reel, ReelClip
from bot.services.reel_films import ReelFilms
from bot.services.reel_views import ReelBounds
from bot.services.reels import Reels
from bot.storage import reel_parts, reel_renders, reels
from bot.storage.database import Database
from bot.storage.tables.jobs import renders_table
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench, bench

MIA, NOAH = Actor(MEMBER), Actor(MEMBER + 1)


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


@pytest.fixture
def service(engine: Bench) -> Reels:
    return Reels(engine.context)


@pytest.fixture
async def reel(engine: Bench, service: Reels) -> Reel:
    """A reel of one clip."""
    reel = await service.create(GUILD, CHANNEL, MIA, "Night", key=1)
    await engine.finish(job := await engine.ask())
    await service.add(GUILD, reel.id, job.id, MIA)
    return reel


async def problem_of(work: Awaitable[object]) -> ReelProblem:
    with pytest.raises(ReelRefused) as refused:
        await work
    return refused.value.problem


async def test_of_ten_changes_of_one_version_one_is_made(service: Reels, reel: Reel) -> None:
    [part] = (await service.view(GUILD, reel.id)).parts
    version = (await service.get(GUILD, reel.id)).version
    edits = (service.edit(GUILD, reel.id, version, MovePart(part.id, 0), MIA, key=number) for number in range(10))
    done = await asyncio.gather(*edits, return_exceptions=True)
    refused = [one.problem for one in done if isinstance(one, ReelRefused)]
    assert refused == [ReelProblem.CHANGED] * 9
    assert (await service.get(GUILD, reel.id)).version == version + 1


async def test_what_is_added_at_once_has_places_of_its_own(engine: Bench, service: Reels, reel: Reel) -> None:
    jobs = []
    for number in range(4):
        await engine.finish(job := await engine.ask(f"clip {number}"))
        jobs.append(job)
    adding = (service.add(GUILD, reel.id, job.id, NOAH) for job in (*jobs, *jobs))
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert sum(isinstance(one, ReelRefused) for one in done) == 4, "each is in the reel once"
    parts = (await service.view(GUILD, reel.id)).parts
    assert len({part.id for part in parts}) == len(parts) == 5
    last = await service.edit(GUILD, reel.id, None, MovePart(parts[-1].id, 0), MIA, key=1)
    assert [part.id for part in last.parts] == [parts[-1].id, *(part.id for part in parts[:-1])]


async def test_all_clips_of_a_video_are_added_and_taken_back_together(
    engine: Bench, service: Reels, reel: Reel
) -> None:
    await engine.finish(job := await engine.ask())
    urls = [f"https://media.example/{number}.mp4" for number in range(10)]
    several = renders_table.update().where(renders_table.c.job_id == job.id).values(result_urls=urls)
    await engine.database.write(lambda conn: conn.execute(several))
    added = await service.add(GUILD, reel.id, job.id, NOAH)
    assert (len(added.part_ids), added.place) == (10, 1)
    assert await problem_of(service.take_back(GUILD, reel.id, added.part_ids[0], MIA.id)) is ReelProblem.NO_SUCH_PART
    await service.take_back(GUILD, reel.id, added.part_ids[0], NOAH.id)
    assert len((await service.view(GUILD, reel.id)).parts) == 1


async def test_a_reel_takes_no_more_than_it_holds_whoever_asks_at_once(service: Reels, reel: Reel) -> None:
    asked = (service.edit(GUILD, reel.id, None, AddCard(f"{n}", "", n % 2 == 0), MIA, key=n) for n in range(PARTS_MAX))
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert [one.problem for one in done if isinstance(one, ReelRefused)] == [ReelProblem.FULL]
    assert len((await service.view(GUILD, reel.id)).parts) == PARTS_MAX


async def test_a_member_has_no_more_reels_than_allowed(service: Reels, reel: Reel) -> None:
    making = (service.create(GUILD, CHANNEL, MIA, f"{n}", key=n) for n in range(REELS_OF_MEMBER_MAX))
    done = await asyncio.gather(*making, return_exceptions=True)
    assert sum(isinstance(one, ReelRefused) for one in done) == 1
    assert await problem_of(service.create(GUILD, CHANNEL, MIA, "more", key=9)) is ReelProblem.TOO_MANY_OF_MEMBER
    assert (await service.create(GUILD, CHANNEL, NOAH, "his", key=9)).maker_id == NOAH.id


async def test_the_sounds_of_a_server_have_room_together(service: Reels) -> None:
    content = b"ID3" + b"\0" * (SOUND_BYTES_MAX - 3)
    made = []
    for number in range(SOUNDS_OF_GUILD_BYTES_MAX // SOUND_BYTES_MAX):
        made.append(await service.create(GUILD, CHANNEL, MIA, f"{number}", key=number))
        await service.set_background(GUILD, made[-1].id, "sea.mp3", content, MIA)
    one_more = await service.create(GUILD, CHANNEL, MIA, "one more", key=99)
    assert await problem_of(service.set_background(GUILD, one_more.id, "s.mp3", b"ID3", MIA)) is (
        ReelProblem.NO_ROOM_FOR_SOUND
    )
    await service.set_background(GUILD, made[0].id, "short.mp3", b"ID3", MIA)  # takes the place of its own
    await service.set_background(GUILD, one_more.id, "s.mp3", b"ID3", MIA)


async def test_one_film_of_a_reel_is_made_at_a_time(engine: Bench, service: Reels, reel: Reel) -> None:
    films = ReelFilms(engine.context, ReelBounds())
    asking = (films.ask(GUILD, reel.id, CHANNEL, MIA) for _ in range(5))
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert [one.problem for one in done if isinstance(one, ReelRefused)] == [ReelProblem.RENDERING] * 4
    assert await problem_of(service.delete(GUILD, reel.id, reel.version, MIA)) is ReelProblem.RENDERING
    assert await engine.database.read(reel_renders.count_open) == 1


async def test_films_are_bounded_in_number_length_and_size(engine: Bench, service: Reels, reel: Reel) -> None:
    database = engine.database
    [part] = (await service.view(GUILD, reel.id)).parts

    async def ask(bounds: ReelBounds) -> ReelProblem:
        return await problem_of(ReelFilms(engine.context, bounds).ask(GUILD, reel.id, CHANNEL, MIA))

    assert await ask(ReelBounds(waiting_max=0)) is ReelProblem.TOO_MANY_RENDERS
    assert await ask(ReelBounds(seconds_max=3)) is ReelProblem.TOO_LONG
    assert isinstance(part, ReelClip)
    facts = ClipFacts(1280, 720, Fraction(24), 900_000, sound=True, size=9)
    await database.write(reel_parts.note_facts, part.job_id, 0, facts, None)
    with pytest.raises(ReelRefused) as refused:
        await ReelFilms(engine.context, ReelBounds(seconds_max=2000)).ask(GUILD, reel.id, CHANNEL, MIA)
    assert refused.value.problem is ReelProblem.TOO_LARGE
    assert int(refused.value.data["maximum"]) < int(refused.value.data["seconds"])
    assert await ask(ReelBounds(available=False)) is ReelProblem.CANNOT_RENDER
    await service.edit(GUILD, reel.id, None, CutOut(part.id), MIA, key=1)
    assert await ask(ReelBounds()) is ReelProblem.EMPTY


async def test_films_wait_for_those_before_them(engine: Bench, service: Reels, reel: Reel) -> None:
    films = ReelFilms(engine.context, ReelBounds())
    other = await service.create(GUILD, CHANNEL, MIA, "Day", key=2)
    await engine.finish(job := await engine.ask())
    await service.add(GUILD, other.id, job.id, MIA)
    first = await films.ask(GUILD, reel.id, CHANNEL, MIA)
    second = await films.ask(GUILD, other.id, CHANNEL, MIA)
    assert (first.ahead, second.ahead) == (0, 1)
    await engine.database.write(reel_renders.change, first.render_id, state=ReelRenderState.DONE)
    assert (await service.view(GUILD, other.id)).renders_ahead == 0


async def test_reels_of_other_guilds_are_unknown_to_everything(engine: Bench, service: Reels, reel: Reel) -> None:
    films, other = ReelFilms(engine.context, ReelBounds()), GUILD + 1
    for work in (
        service.view(other, reel.id),
        service.get(other, reel.id),
        service.add(other, reel.id, "k5vvk6pe933k", MIA),
        service.edit(other, reel.id, None, CutOut(1), MIA, key=1),
        service.take_back(other, reel.id, 1, MIA.id),
        service.set_background(other, reel.id, "s.mp3", b"ID3", MIA),
        service.delete(other, reel.id, 1, MIA),
        films.ask(other, reel.id, CHANNEL, MIA),
    ):
        assert await problem_of(work) is ReelProblem.NO_SUCH_REEL
    assert await engine.database.read(reels.count, other) == 0
