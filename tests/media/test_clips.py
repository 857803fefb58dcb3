"""Clips as files, of a real provider sandbox and a file host that stands where Discord's is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.jobs import Job
from bot.engine.clips import ClipGone, ClipProblem, ClipUnavailable, ClipUnreachable
from bot.media.clips import Clips
from bot.media.download import DownloadLimits, Downloads
from bot.storage import age_restricted, job_erasing, outbox, postings
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from tests.support.bench import Bench, bench
from tests.workers.test_delivery_files import SigningClient

CLIP = b"\0\0\0\x18ftypmp42" + b"x" * 500
SIZE = 4096
"""Bytes of each result on the bench."""
LIMITS = DownloadLimits(file_bytes=3 * SIZE, job_bytes=3 * SIZE, job_seconds=20.0)


@dataclass
class ScriptedAddresses:
    """Stands where Discord would: names the addresses that a test dictates."""

    known: dict[tuple[str, int], str] = field(default_factory=dict)
    trouble: ClipUnavailable | None = None

    async def address_of(self, job_id: str, position: int, channel_id: int, message_id: int) -> str | None:
        if self.trouble is not None:
            raise self.trouble
        return self.known.get((job_id, position))


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


@pytest.fixture
async def downloads(engine: Bench, tmp_path: Path) -> AsyncIterator[Downloads]:
    async with Downloads(tmp_path / "clips", engine.studio.base_url, LIMITS) as downloads:
        yield downloads


@pytest.fixture
def addresses() -> ScriptedAddresses:
    return ScriptedAddresses()


@pytest.fixture
def clips(engine: Bench, downloads: Downloads, addresses: ScriptedAddresses) -> Clips:
    return Clips(engine.context, downloads, addresses)


@pytest.fixture
async def job(engine: Bench) -> Job:
    [job] = await engine.settled()
    await engine.deliver()
    return job


async def problem_of(clips: Clips, job: Job, position: int = 0) -> ClipProblem:
    with pytest.raises(ClipUnavailable) as raised:
        await clips.fetch("wanted", job.id, position)
    return raised.value.problem


async def test_discords_file_is_taken_first(clips: Clips, job: Job, addresses: ScriptedAddresses) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=CLIP)

    app = web.Application()
    app.router.add_get("/clip.mp4", answer)
    async with TestServer(app) as host:
        addresses.known[job.id, 0] = str(host.make_url("/clip.mp4"))
        assert (await clips.fetch("wanted", job.id, 0)).read_bytes() == CLIP


async def test_what_discord_does_not_have_comes_from_the_provider(
    engine: Bench, clips: Clips, job: Job, addresses: ScriptedAddresses
) -> None:
    path = await clips.fetch("wanted", job.id, 0)
    assert path.read_bytes()
    addresses.known[job.id, 0] = f"{engine.studio.base_url}/nothing.mp4"
    assert (await clips.fetch("wanted", job.id, 0)) == path


async def test_an_address_of_the_provider_that_has_expired_is_asked_for_again(
    engine: Bench, clips: Clips, job: Job
) -> None:
    client = SigningClient(engine.studio.base_url, engine.studio.api_key)
    engine.context.providers = {OWNER_ACCOUNT: client}
    engine.studio.faults.add("error_before", "media", status=403)
    assert (await clips.fetch("wanted", job.id, 0)).stat().st_size == SIZE
    assert client.asked == 1
    await client.close()


async def test_a_discarded_clip_is_gone_and_others_stay(clips: Clips, job: Job) -> None:
    one, other = await clips.fetch("clip1", job.id, 0), await clips.fetch("clip11", job.id, 0)
    await clips.discard("clip1")
    assert (one.exists(), other.exists()) == (False, True)


async def test_a_name_that_could_be_the_beginning_of_another_is_refused(clips: Clips, job: Job) -> None:
    for name in ("a-1", "", "*", "../a"):
        with pytest.raises(ValueError, match="is no name"):
            await clips.fetch(name, job.id, 0)


async def test_only_clips_of_jobs_that_succeeded_and_are_kept_are_had(engine: Bench, clips: Clips, job: Job) -> None:
    open_job = await engine.ask()
    assert await problem_of(clips, open_job) is ClipProblem.UNKNOWN
    assert await problem_of(clips, job, position=1) is ClipProblem.UNKNOWN
    await engine.database.write(job_erasing.erase, [job.id], engine.context.clock())
    assert await problem_of(clips, job) is ClipProblem.UNKNOWN


async def test_a_clip_whose_message_was_deleted_is_not_taken_from_the_provider(
    engine: Bench, clips: Clips, job: Job, addresses: ScriptedAddresses
) -> None:
    addresses.trouble = ClipGone(ClipProblem.DELETED)
    assert await problem_of(clips, job) is ClipProblem.DELETED
    addresses.trouble = None
    await engine.database.write(postings.note_deleted, job.id, job.member_id, engine.context.clock())
    assert await problem_of(clips, job) is ClipProblem.DELETED
    assert await engine.database.write(outbox.enqueue_again, job.id, engine.context.clock())
    await engine.database.write(postings.clear_deleted, job.id, 0.0)
    assert (await clips.fetch("wanted", job.id, 0)).exists()


async def test_a_clip_of_an_age_restricted_model_is_had_for_such_places_only(
    engine: Bench, clips: Clips, job: Job
) -> None:
    await engine.database.write(age_restricted.mark, job.model_slug, 1, engine.context.clock())
    assert await problem_of(clips, job) is ClipProblem.AGE_RESTRICTED
    assert (await clips.fetch("wanted", job.id, 0, age_restricted_place=True)).exists()


async def test_while_discord_is_away_nobody_knows_whether_the_message_was_deleted(
    clips: Clips, job: Job, addresses: ScriptedAddresses
) -> None:
    addresses.trouble = ClipUnreachable()
    assert await problem_of(clips, job) is ClipProblem.UNREACHABLE


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"kind": "error_before", "status": 503}, ClipProblem.UNREACHABLE),
        ({"kind": "error_before", "status": 404}, ClipProblem.LOST),
        ({"kind": "error_before", "status": 403}, ClipProblem.LOST),
        ({"kind": "download_wrong_type"}, ClipProblem.NOT_A_VIDEO),
    ],
)
async def test_what_cannot_be_fetched_is_told_apart_and_leaves_no_file(
    engine: Bench, clips: Clips, job: Job, fault: dict[str, Any], problem: ClipProblem, tmp_path: Path
) -> None:
    engine.studio.faults.add(route="media", times=None, **fault)
    assert await problem_of(clips, job) is problem
    assert list((tmp_path / "clips").iterdir()) == []


async def test_a_clip_is_bounded_like_any_download(
    engine: Bench, job: Job, addresses: ScriptedAddresses, tmp_path: Path
) -> None:
    small = DownloadLimits(file_bytes=SIZE - 1, job_bytes=SIZE - 1, job_seconds=20.0)
    async with Downloads(tmp_path / "small", engine.studio.base_url, small) as downloads:
        assert await problem_of(Clips(engine.context, downloads, addresses), job) is ClipProblem.TOO_LARGE
