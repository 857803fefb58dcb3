"""Reels become films: each is posted once or its failure is told, whatever dies, changes or fills up meanwhile."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.film_problems import FilmProblem
from bot.domain.gallery import GalleryKind
from bot.domain.privacy import Policy
from bot.domain.reel_renders import ReelRenderState
from bot.engine.clips import ClipGone, ClipProblem, ClipUnreachable
from bot.engine.notifier import DeliveryImpossible, DeliveryLater, UploadTooLarge
from bot.media.machine_lock import machine_lock
from bot.services.films import Films
from bot.services.privacy import Privacy
from bot.storage import gallery, reel_erasing, reel_parts, reel_render_claims, reels, upload_limits
from bot.workers import film_making, film_progress
from bot.workers import reel_renders as reel_renders_worker
from bot.workers.erasures import Erasures
from bot.workers.reel_renders import ATTEMPTS_MAX
from tests.support.bench import GUILD, MEMBER, Bench
from tests.support.clips import Clip, pictures_in
from tests.support.films import OTHER_MEMBER, FilmRoom, film_room
from tests.support.removal import RecordingRemover

CREDITS_SECONDS = 3.5
"""A heading and two names."""


LOCK = f"film-of-test-{os.getpid()}"


@pytest.fixture(autouse=True)
def own_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests that run side by side are no processes of one bot."""
    monkeypatch.setattr(reel_renders_worker, "LOCK", LOCK)
    yield
    for path in Path(tempfile.gettempdir()).glob(f"*{LOCK}*"):
        path.unlink()


@pytest.fixture
async def room(engine: Bench, tmp_path: Path) -> FilmRoom:
    room = film_room(engine, tmp_path)
    await room.build()
    return room


def left_in(room: FilmRoom) -> list[str]:
    return sorted(path.name for path in room.clips.folder.iterdir())


async def test_a_reel_becomes_one_film_that_names_its_makers(room: FilmRoom) -> None:
    render = await room.work_until_ended(await room.ask())
    [film] = room.poster.films
    assert (film.title, film.makers, film.clips, film.dropped) == ("The lighthouse", (OTHER_MEMBER, MEMBER), 2, 0)
    assert film.ms == 1000 + 2 * 500 + 1000 * CREDITS_SECONDS
    assert len(pictures_in(film.path)) == round(film.ms * 24 / 1000)
    assert (render.state, render.progress, render.problem) == (ReelRenderState.DONE, 100, None)
    assert (render.duration_ms, render.size_bytes) == (film.ms, film.size)
    assert render.message_id is not None
    assert room.poster.removed == [render.card_message_id]
    listed = await room.engine.database.read(gallery.find, GalleryKind.REEL, str(render.id))
    assert listed is not None, "it is in the gallery"
    assert (listed.message_id, listed.guild_id) == (render.message_id, render.guild_id)
    assert left_in(room) == []
    assert await room.engine.database.read(reel_render_claims.next_due) is None
    await Films(room.engine.context).note_deleted(render.id, MEMBER)
    gone = await room.engine.database.read(gallery.find, GalleryKind.REEL, str(render.id))
    assert gone is None, "it leaves the gallery when it is deleted"


async def test_credits_can_be_switched_off(room: FilmRoom) -> None:
    await room.engine.database.write(reels.change, room.reel_id, 1.0, credits=False)
    await room.work_until_ended(await room.ask())
    assert room.poster.films[0].ms == 2000


@pytest.mark.parametrize(("content", "missing"), [(b"no sound", True), (None, False)])
async def test_a_sound_behind_it_that_cannot_be_read_is_told(
    room: FilmRoom, content: bytes | None, missing: bool
) -> None:
    if content is not None:
        await room.engine.database.write(reels.set_sound, room.reel_id, "noise.mp3", content, MEMBER)
    await room.work_until_ended(await room.ask())
    assert room.poster.films[0].sound_missing is missing


async def test_a_clip_that_is_in_a_reel_twice_is_fetched_once(room: FilmRoom) -> None:
    await room.engine.database.write(reel_parts.add_clip, room.reel_id, room.jobs[0], 0, MEMBER, 1.0)
    await room.work_until_ended(await room.ask())
    assert room.clips.fetched == room.jobs
    assert room.poster.films[0].clips == 3


@pytest.mark.parametrize("problem", [ClipProblem.DELETED, ClipProblem.LOST, ClipProblem.TOO_LARGE])
async def test_a_clip_that_is_gone_is_left_out_and_told(room: FilmRoom, problem: ClipProblem) -> None:
    room.clips.trouble[room.jobs[0]] = [ClipGone(problem)]
    render = await room.work_until_ended(await room.ask())
    [film] = room.poster.films
    assert (film.clips, film.dropped, film.makers) == (1, 1, (MEMBER,))
    assert render.dropped == 1


async def test_a_clip_whose_file_is_broken_is_left_out_and_told(
    room: FilmRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = room.clips.fetch

    async def fetch_broken(name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        path = await fetch(name, job_id, position, age_restricted_place=age_restricted_place)
        if job_id == room.jobs[1]:
            path.write_bytes(path.read_bytes()[:700])
        return path

    monkeypatch.setattr(room.clips, "fetch", fetch_broken)
    await room.work_until_ended(await room.ask())
    assert (room.poster.films[0].clips, room.poster.films[0].dropped) == (1, 1)
    assert left_in(room) == []


async def test_without_any_clip_there_is_no_film_and_whoever_asked_is_told(room: FilmRoom) -> None:
    room.clips.trouble = {job_id: [ClipGone(ClipProblem.DELETED)] for job_id in room.jobs}
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.problem) == (ReelRenderState.FAILED, FilmProblem.EMPTY)
    [failure] = room.poster.failures
    assert (failure.problem, failure.asked_by, failure.title) == (FilmProblem.EMPTY, MEMBER, "The lighthouse")
    assert not room.poster.films


async def test_a_clip_that_cannot_be_reached_is_waited_for(room: FilmRoom) -> None:
    room.clips.trouble[room.jobs[1]] = [ClipUnreachable(), ClipUnreachable()]
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.attempts) == (ReelRenderState.DONE, 3)
    assert room.poster.films[0].clips == 2


async def test_a_clip_that_is_never_reached_is_given_up_and_told(room: FilmRoom) -> None:
    room.clips.trouble[room.jobs[1]] = [ClipUnreachable() for _ in range(50)]
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.attempts) == (ReelRenderState.FAILED, ATTEMPTS_MAX)
    assert [failure.problem for failure in room.poster.failures] == [FilmProblem.UNREACHABLE]


async def test_a_film_whose_answer_was_lost_is_found_and_not_posted_again(room: FilmRoom) -> None:
    room.poster.lose_answers = 1
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.attempts) == (ReelRenderState.DONE, 2)
    assert len(room.poster.films) == 1
    assert render.duration_ms == room.poster.films[0].ms


@pytest.mark.parametrize("trouble", [DeliveryLater("Discord is down"), OSError("no route")])
async def test_discord_may_be_away_for_a_while(room: FilmRoom, trouble: Exception) -> None:
    room.poster.trouble = [trouble]
    room.poster.card_trouble = [DeliveryLater("Discord is down")]
    render = await room.work_until_ended(await room.ask())
    assert render.state is ReelRenderState.DONE
    assert len(room.poster.films) == 1


async def test_a_channel_that_takes_no_film_is_told_once(room: FilmRoom) -> None:
    room.poster.trouble = [DeliveryImpossible("403")]
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.problem) == (ReelRenderState.FAILED, FilmProblem.UNDELIVERABLE)
    assert len(room.poster.failures) == 1


async def test_a_film_that_discord_finds_too_large_is_made_smaller(room: FilmRoom) -> None:
    room.poster.trouble = [UploadTooLarge(15_000_000)]
    render = await room.work_until_ended(await room.ask())
    assert render.state is ReelRenderState.DONE
    assert await room.engine.database.read(upload_limits.of_guild, GUILD, room.engine.context.clock()) < 15_000_000


async def test_a_film_that_fits_no_file_says_so(room: FilmRoom) -> None:
    await room.engine.database.write(upload_limits.note_stated, GUILD, 20_000)
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.problem) == (ReelRenderState.FAILED, FilmProblem.TOO_LARGE)


async def test_a_film_is_no_longer_than_the_owner_allows(engine: Bench, tmp_path: Path) -> None:
    room = film_room(engine, tmp_path, seconds_max=5)
    await room.build()
    render = await room.work_until_ended(await room.ask())
    assert render.problem == FilmProblem.TOO_LONG


async def test_a_disk_that_is_full_ends_it_before_the_database_suffers(
    room: FilmRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(room.clips.folder)
    monkeypatch.setattr(film_making, "FREE_BYTES_MIN", usage.total + 1)
    render = await room.work_until_ended(await room.ask())
    assert render.problem == FilmProblem.DISK
    assert left_in(room) == []


async def test_clips_together_may_not_be_too_large(room: FilmRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_making, "BYTES_MAX", 100)
    render = await room.work_until_ended(await room.ask())
    assert render.problem == FilmProblem.TOO_MANY_BYTES


async def test_a_clip_of_an_age_restricted_model_is_in_films_of_such_channels_only(room: FilmRoom) -> None:
    room.clips.age_restricted = {room.jobs[0]}
    await room.work_until_ended(await room.ask())
    room.poster.age_restricted = True
    await room.work_until_ended(await room.ask())
    assert [film.clips for film in room.poster.films] == [1, 2]


async def test_a_stopped_worker_gives_its_film_back_and_another_begins_it_again(
    room: FilmRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    render_id = await room.ask()
    begun = asyncio.Event()
    room.clips.clips = {job_id: Clip(frames=480, width=1280, height=720) for job_id in room.jobs}
    fetch = room.clips.fetch

    async def fetch_and_tell(name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        begun.set()
        return await fetch(name, job_id, position, age_restricted_place=age_restricted_place)

    monkeypatch.setattr(room.clips, "fetch", fetch_and_tell)
    await room.worker.step()
    await asyncio.wait_for(begun.wait(), 30)
    await room.worker.drain()
    render = await room.render(render_id)
    assert (render.state, render.progress) == (ReelRenderState.WAITING, 0)
    assert left_in(room) == []
    room.clips.clips = {}
    assert (await room.work_until_ended(render_id)).state is ReelRenderState.DONE
    assert len(room.poster.films) == 1


async def test_the_only_process_begins_again_what_a_dead_one_had(room: FilmRoom) -> None:
    render_id = await room.ask()
    now = room.engine.context.clock()
    await room.engine.database.write(reel_render_claims.claim, "dead", 120.0, now)
    await room.work()
    assert not room.poster.films, "its lease has not run out"
    await room.engine.database.write(reel_render_claims.release, now)
    assert (await room.work_until_ended(render_id)).state is ReelRenderState.DONE


async def test_a_lease_that_runs_out_is_another_workers(room: FilmRoom) -> None:
    render_id = await room.ask()
    await room.engine.database.write(reel_render_claims.claim, "dead", 120.0, room.engine.context.clock())
    room.engine.studio.advance(121)
    assert (await room.work_until_ended(render_id)).attempts == 2


async def test_one_film_at_a_time_is_made_on_a_machine(room: FilmRoom) -> None:
    render_id = await room.ask()
    with machine_lock(LOCK) as own:
        assert own
        await room.work()
        assert (await room.render(render_id)).state is ReelRenderState.WAITING
    assert (await room.work_until_ended(render_id)).state is ReelRenderState.DONE


async def test_an_erasure_under_way_makes_the_film_begin_again_without_the_clip(
    room: FilmRoom,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The member's clip must not be in a film that is posted after the erasure."""
    render_id = await room.ask()
    fetch = room.clips.fetch
    erased = False

    async def fetch_and_erase(name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        nonlocal erased
        path = await fetch(name, job_id, position, age_restricted_place=age_restricted_place)
        if job_id == room.jobs[1] and not erased:
            erased = True
            room.engine.studio.advance(1)
            await room.engine.cards.step()
            await Privacy(room.engine.context, Policy()).erase(OTHER_MEMBER, None, delete_messages=False)
            erasures = Erasures(room.engine.context, RecordingRemover())
            while await erasures.step() <= 0:
                pass
        return path

    monkeypatch.setattr(room.clips, "fetch", fetch_and_erase)
    render = await room.work_until_ended(render_id)
    assert render.state is ReelRenderState.DONE
    [film] = room.poster.films
    assert (film.clips, film.makers) == (1, (MEMBER,))


async def test_a_film_whose_reel_changes_for_an_erasure_is_broken_off_at_once(
    room: FilmRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_progress, "CARD_SECONDS", 0.05)
    room.clips.clips = {job_id: Clip(frames=960, width=1280, height=720) for job_id in room.jobs}
    render_id = await room.ask()
    await room.worker.step()
    working = room.worker.under_way
    assert working is not None
    async with asyncio.timeout(60):
        while not any(card.percent is not None for card in room.poster.cards):  # noqa: ASYNC110  # it tells no event
            await asyncio.sleep(0.01)
    room.clips.clips = {}
    await room.engine.database.write(reel_erasing.erase_jobs, room.jobs[:1], room.engine.context.clock())
    await asyncio.wait_for(working, 60)
    assert (await room.render(render_id)).attempts == 2
    [film] = room.poster.films
    assert film.clips == 1


async def test_a_reel_that_is_gone_is_not_rendered(room: FilmRoom) -> None:
    await room.ask()
    await room.engine.database.write(reel_erasing.drop, room.reel_id)
    await room.work()
    assert not room.poster.films
    assert not room.poster.failures


async def test_a_film_that_ends_every_attempt_is_given_up(room: FilmRoom) -> None:
    room.poster.trouble = [RuntimeError("a defect") for _ in range(50)]
    render = await room.work_until_ended(await room.ask())
    assert (render.state, render.problem) == (ReelRenderState.FAILED, FilmProblem.BROKEN)
    assert len(room.poster.failures) == 1


async def test_its_card_tells_how_many_of_its_pictures_are_done(
    room: FilmRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_progress, "CARD_SECONDS", 0.05)
    room.clips.clips = {job_id: Clip(frames=240, width=1280, height=720) for job_id in room.jobs}
    await room.work_until_ended(await room.ask())
    told = [card.percent for card in room.poster.cards]
    assert told[0] is None
    shown = [percent for percent in told if percent is not None]
    assert shown == sorted(set(shown))
    assert all(0 <= percent < 100 for percent in shown)
    assert len({card.message_id for card in room.poster.cards[1:]}) == 1
