"""Jobs from pending to their end, on the sandbox's own clock, and the books."""

import asyncio
from collections.abc import Callable

import pytest

from sandbox.studio import Clock, StudioSandbox
from tests.sandbox.studio.conftest import Client


async def test_a_job_is_pending_then_processing_then_completed(
    client_of: Callable[[StudioSandbox], Client],
) -> None:
    async with StudioSandbox(render=False, job_seconds=(60, 60)) as studio:
        client = client_of(studio)
        job_id = (await client.generate()).body["job_ids"][0]
        job = studio.job(job_id)
        assert (await client.status(job_id)).body["job"]["status"] == "pending"
        studio.advance(30)
        await studio.wait_for(lambda _: job.status == "processing")
        row = (await client.status(job_id)).body["job"]
        assert (row["result_urls"], row["completed_at"]) == ([], None)
        studio.advance(30)
        await studio.wait_for(lambda _: job.over)
        assert (await client.status(job_id)).body["job"]["status"] == "completed"


async def test_a_faster_clock_ends_a_minute_at_once(client_of: Callable[[StudioSandbox], Client]) -> None:
    async with StudioSandbox(render=False, job_seconds=(30, 60)) as studio:
        await client_of(studio).generate()
        studio.set_speed(1000)
        await studio.wait_for(lambda s: s.jobs[0].over, timeout=2)
        job = studio.jobs[0]
        assert job.completed_at is not None
        assert job.completed_at - job.created_at >= 30


async def test_a_sleeper_wakes_when_time_jumps() -> None:
    clock = Clock()
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(3600)
    await asyncio.wait_for(sleeper, 1)


@pytest.mark.parametrize(("refunded", "kept"), [(True, 0), (False, 100)])
async def test_a_failed_job_is_refunded_or_not_and_says_so(client: Client, refunded: bool, kept: int) -> None:
    client.studio.faults.add("job_fails", refunded=refunded, message="Blocked by the safety filter")
    job = await client.finished()
    row = (await client.status(job.job_id)).body["job"]
    assert row["status"] == "failed"
    assert row["error_message"] == "Blocked by the safety filter"
    assert row["credits_refunded"] is refunded
    assert client.studio.records.charged(job.job_id) == kept
    assert client.studio.credits == 10_000 - kept


async def test_a_stuck_job_never_ends(client: Client) -> None:
    client.studio.faults.add("job_stuck")
    job_id = (await client.generate()).body["job_ids"][0]
    await client.finished()
    client.studio.advance(86_400)
    await client.finished()
    assert (await client.status(job_id)).body["job"]["status"] == "processing"


async def test_a_job_can_complete_without_a_result(client: Client) -> None:
    client.studio.faults.add("job_without_result")
    job = await client.finished()
    row = (await client.status(job.job_id)).body["job"]
    assert (row["status"], row["result_urls"]) == ("completed", [])


async def test_the_books_agree_with_the_balance(client: Client) -> None:
    client.studio.faults.add("job_fails", times=2)
    for _ in range(5):
        await client.finished()
    records = client.studio.records
    assert sum(entry.amount for entry in records.ledger) == client.studio.credits == 9_700
    totals = records.totals()
    assert (totals["posts"], totals["posts_accepted"], totals["jobs"]) == (5, 5, 5)
    assert (totals["credits_charged"], totals["credits_refunded"], totals["credits_net"]) == (500, 200, 300)
    assert [post.body["prompt"] for post in records.accepted_posts()] == ["a fox in the snow"] * 5


async def test_waiting_in_vain_says_how_things_stand(client: Client) -> None:
    await client.finished()
    with pytest.raises(TimeoutError, match="veo31_fast: completed"):
        await client.studio.wait_for(lambda _: False, timeout=0.05)


async def test_closing_ends_running_jobs(client_of: Callable[[StudioSandbox], Client]) -> None:
    def running() -> list[str]:
        return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("sandbox-studio-")]

    async with StudioSandbox(render=False) as studio:
        await client_of(studio).generate()
        assert len(running()) == 1
    assert running() == []
