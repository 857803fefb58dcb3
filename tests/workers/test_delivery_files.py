"""What a member gets of a finished job, whatever its files' host, the provider and Discord do."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.jobs import JobState
from bot.domain.renders import RenderReport
from bot.engine.notifier import Closing, DeliveryLater, Unattached, UploadTooLarge
from bot.media.download import DownloadLimits
from bot.storage import outbox, upload_limits
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.client import StudioClient
from bot.workers.result_files import DOWNLOAD_ATTEMPTS_MAX, UPLOAD_ATTEMPTS_MAX
from sandbox.studio.faults import Kind
from tests.support.bench import GUILD, Bench, bench

OTHER_GUILD, OTHER_CHANNEL = 1002, 2002
SIZE = 4096
"""Bytes of each result on the bench."""


class SigningClient(StudioClient):
    """Every answer signs the results' addresses anew; `asked` counts them."""

    asked = 0

    async def status(self, remote_id: str) -> RenderReport:
        told = await super().status(remote_id)
        self.asked += 1
        return replace(told, result_urls=tuple(f"{url}?signature={self.asked}" for url in told.result_urls))


def told(engine: Bench) -> tuple[Closing, list[int]]:
    """Return the one closing message, and the sizes of its files."""
    [(closing, files)] = engine.notifier.closings
    return closing, [len(content) for content in files]


@pytest.mark.parametrize("fault", ["error_before", "download_cut", "download_wrong_type"])
async def test_a_result_that_cannot_be_fetched_at_first_is_fetched_later(engine: Bench, fault: Kind) -> None:
    await engine.settled()
    engine.studio.faults.add(fault, "media")
    await engine.deliver_until_done()
    assert told(engine)[1] == [SIZE]


async def test_after_an_hour_without_discord_the_video_is_still_attached(engine: Bench) -> None:
    await engine.settled()
    engine.notifier.trouble = [DeliveryLater("503") for _ in range(3 * DOWNLOAD_ATTEMPTS_MAX)]
    began = engine.context.clock()
    await engine.deliver_until_done()
    assert engine.context.clock() - began > 900
    assert told(engine)[1] == [SIZE]


async def test_discords_absence_does_not_count_against_a_download_that_fails_once(engine: Bench) -> None:
    await engine.settled()
    engine.notifier.trouble = [DeliveryLater("503") for _ in range(DOWNLOAD_ATTEMPTS_MAX)]
    while engine.notifier.trouble:
        await engine.deliver()
        engine.studio.advance(60)
    engine.studio.faults.add("error_before", "media", status=503)
    await engine.deliver_until_done()
    assert told(engine)[1] == [SIZE]


async def test_a_result_whose_host_stays_away_is_linked(engine: Bench) -> None:
    await engine.settled()
    engine.studio.faults.add("error_before", "media", status=503, times=None)
    await engine.deliver_until_done()
    closing, sizes = told(engine)
    assert closing.state is JobState.SUCCEEDED
    assert [(result.problem, bool(result.url)) for result in closing.results] == [(Unattached.UNREACHABLE, True)]
    assert sizes == []


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_an_address_that_has_expired_is_asked_for_again(engine: Bench, status: int) -> None:
    engine.context.providers = {OWNER_ACCOUNT: (client := SigningClient(engine.studio.base_url, engine.studio.api_key))}
    [job] = await engine.settled()
    before = client.asked
    engine.studio.faults.add("error_before", "media", status=status)
    await engine.deliver()
    closing, sizes = told(engine)
    assert sizes == [SIZE]
    assert [result.url and result.url.rpartition("=")[2] for result in closing.results] == [str(before + 1)]
    # A copy finds the new address, too.
    assert await engine.database.write(outbox.enqueue_again, job.id, engine.context.clock())
    await engine.deliver()
    assert engine.notifier.closings[-1][0].results[0].url == closing.results[0].url
    await client.close()


@pytest.mark.parametrize(
    ("fault", "status", "problem"),
    [
        ("error_before", 404, Unattached.GONE),
        ("error_before", 403, Unattached.REFUSED),
        ("download_wrong_type", None, Unattached.NOT_A_VIDEO),
    ],
)
async def test_a_result_that_is_lost_is_told_as_lost_after_several_attempts(
    engine: Bench, fault: Kind, status: int | None, problem: Unattached
) -> None:
    await engine.settled()
    engine.studio.faults.add(fault, "media", status=status, times=None)
    for _ in range(DOWNLOAD_ATTEMPTS_MAX - 1):
        await engine.deliver()
        assert engine.notifier.closings == []
        engine.studio.advance(60)
    await engine.deliver()
    closing, sizes = told(engine)
    assert [result.problem for result in closing.results] == [problem]
    assert sizes == []


async def test_a_copy_tries_anew_to_fetch_what_could_not_be_had(engine: Bench) -> None:
    [job] = await engine.settled()
    engine.studio.faults.add("error_before", "media", status=503, times=DOWNLOAD_ATTEMPTS_MAX)
    await engine.deliver_until_done()
    assert await engine.database.write(outbox.enqueue_again, job.id, engine.context.clock())
    await engine.deliver_until_done()
    assert [len(files) for _, files in engine.notifier.closings] == [0, 1]


async def test_a_result_over_the_cap_is_linked_at_once_and_leaves_nothing_on_the_disk(
    database: Database, tmp_path: Path
) -> None:
    async with bench(database, tmp_path, limits=DownloadLimits(file_bytes=1000)) as engine:
        await engine.settled()
        await engine.deliver()
    closing, sizes = told(engine)
    assert [(result.problem, bool(result.url)) for result in closing.results] == [(Unattached.TOO_LARGE, True)]
    assert sizes == []
    assert list((tmp_path / "one").iterdir()) == []


async def test_a_delivery_leaves_nothing_on_the_disk_and_needs_no_folder(engine: Bench, tmp_path: Path) -> None:
    await engine.finish(await engine.ask())
    assert list((tmp_path / "one").iterdir()) == []
    shutil.rmtree(tmp_path / "one")
    await engine.finish(await engine.ask("another"))
    assert [len(files) for _, files in engine.notifier.closings] == [1, 1]


async def test_a_slow_download_holds_up_nobody_else(engine: Bench) -> None:
    await engine.settled("slow")
    engine.studio.faults.add("download_slow", "media", bytes_per_second=10)
    await engine.delivery.step()
    [quick] = await engine.settled("quick", guild=OTHER_GUILD, channel=OTHER_CHANNEL)
    engine.context.wake_events.deliver.clear()
    await engine.delivery.step()
    await engine.context.wake_events.deliver.wait()
    assert told(engine)[0].job_id == quick.id
    assert await engine.undelivered() == 1
    await engine.cut_off_deliveries()


async def test_a_refusal_teaches_the_limit_and_leads_to_a_smaller_video(engine: Bench) -> None:
    await engine.settled()
    engine.fitter.available = True
    engine.notifier.trouble = [UploadTooLarge(SIZE)]
    await engine.deliver()
    closing, sizes = told(engine)
    assert engine.fitter.limits == [SIZE // 2]
    assert sizes == [len(b"small")]
    assert closing.results[0].made_smaller
    limit = await engine.database.read(upload_limits.of_guild, GUILD, engine.context.clock())
    assert limit == SIZE // 2


async def test_where_no_encoder_is_at_hand_a_refusal_leads_to_a_link(engine: Bench) -> None:
    await engine.settled()
    engine.notifier.trouble = [UploadTooLarge(SIZE)]
    await engine.deliver()
    closing, sizes = told(engine)
    assert [result.problem for result in closing.results] == [Unattached.TOO_LARGE]
    assert sizes == []


async def test_a_channel_that_refuses_every_size_gets_links(engine: Bench) -> None:
    await engine.settled()
    engine.fitter.available = True
    engine.notifier.trouble = [UploadTooLarge(SIZE >> n) for n in range(UPLOAD_ATTEMPTS_MAX)]
    await engine.deliver()
    closing, sizes = told(engine)
    assert [result.problem for result in closing.results] == [Unattached.TOO_LARGE]
    assert sizes == []


async def test_the_limit_that_the_interaction_named_is_kept_to(engine: Bench) -> None:
    engine.fitter.available = True
    asked = replace(engine.request(), upload_bytes_max=1000)
    await engine.admission.admit(asked)
    await engine.submit()
    engine.studio.advance(60)
    await engine.poller.step()
    await engine.deliver()
    assert engine.fitter.limits == [1000]
