"""A worker that is stopped while it sends, by a signal, a suspended machine or a slow disk, sends nothing late."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.jobs import Job, JobState
from bot.domain.quota import GuildDefaults
from bot.services.admission import Admission
from bot.storage import queue
from bot.storage.database import Database
from bot.studio.client import StudioClient
from bot.workers.reconciliation import Reconciliation, take_over
from bot.workers.submitter import Submitter
from sandbox.chaos.past import give_history
from sandbox.demo.bot_process import PROJECT
from tests.support.bench import ENOUGH, Bench, bench
from tests.support.input_files import ScriptedFiles
from tests.support.stopped_worker import TIMINGS, engine_context

STOP_POINTS = ("submit.after_claim", "submit.after_fence")
PATIENCE_SECONDS = 40.0


@pytest.fixture
async def real_time(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    """A bench on the real clock, with a history that reaches back and shows a render of ours."""
    async with bench(database, tmp_path, job_seconds=(0.1, 0.1)) as engine:
        client = StudioClient(engine.studio.base_url, engine.studio.api_key)
        context = engine_context(database, client, "other")
        engine.context = context
        engine.submitter, engine.reconciliation = Submitter(context, ScriptedFiles()), Reconciliation(context)
        engine.admission = Admission(context, GuildDefaults(ENOUGH))
        known = await engine.ask("known to be there")
        await engine.submit()
        assert await engine.state(known) is JobState.RUNNING
        give_history(engine.studio)
        yield engine
        await client.close()


async def start_stopped(engine: Bench, database_url: str, point: str, how: str) -> Process:
    """Start a worker process and return once it has stopped itself at `point`."""
    arguments = (database_url, engine.studio.base_url, engine.studio.api_key, point, how)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.stopped_worker", *arguments, cwd=PROJECT
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        # Nothing tells from outside that a process has stopped.
        while Path(f"/proc/{worker.pid}/stat").read_text().split()[2] != "T":
            assert worker.returncode is None
            await asyncio.sleep(0.02)
    return worker


async def taken_over_and_sent(engine: Bench, job: Job) -> None:
    """Let the other worker work until it has the job accepted.

    If it has to be looked up, another request passes meanwhile, so that the history shows something later.
    """
    others_pass = False
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (state := await engine.state(job)) is not JobState.RUNNING:
            if state is JobState.UNKNOWN and not others_pass:
                others_pass = True
                await engine.ask("others pass meanwhile")
            await engine.reconciliation.step()
            await engine.submit()
            await asyncio.sleep(0.05)


def accepted(engine: Bench, prompt: str) -> int:
    posts = engine.studio.records.accepted_posts()
    return sum(1 for post in posts if post.body is not None and post.body["prompt"] == prompt)


@pytest.mark.parametrize("point", STOP_POINTS)
async def test_a_worker_that_wakes_after_its_job_was_sent_by_another_sends_nothing(
    real_time: Bench, database_url: str, point: str
) -> None:
    job = await real_time.ask("the one")
    stopped = await start_stopped(real_time, database_url, point, "once")
    try:
        await taken_over_and_sent(real_time, job)
        assert accepted(real_time, "the one") == 1
    finally:
        os.kill(stopped.pid, signal.SIGCONT)
        await stopped.wait()
    assert stopped.returncode == 0
    assert accepted(real_time, "the one") == 1
    assert await real_time.state(job) is JobState.RUNNING


@pytest.mark.parametrize("point", STOP_POINTS)
async def test_one_process_that_was_suspended_does_not_overtake_itself(
    real_time: Bench, database_url: str, point: str
) -> None:
    """After it wakes, its own look-up and its own late POST must not both send."""
    job = await real_time.ask("the one")
    suspended = await start_stopped(real_time, database_url, point, "loops")
    await asyncio.sleep(TIMINGS.lease_seconds + TIMINGS.claim_seconds_max)
    os.kill(suspended.pid, signal.SIGCONT)
    assert await suspended.wait() == 0
    await taken_over_and_sent(real_time, job)
    assert accepted(real_time, "the one") == 1


async def test_of_two_claims_of_one_job_only_one_passes_the_fence(engine: Bench) -> None:
    """The very worker that claimed a job before may claim it again: its first claim is worthless then."""
    job, lease = await engine.ask(), engine.context.timings.lease_seconds
    clock, database = engine.context.clock, engine.database
    first = await database.write(queue.claim, job.account_id, "one", lease, clock())
    engine.studio.advance(lease + 1)
    await database.write(take_over, clock())
    second = await database.write(queue.claim, job.account_id, "one", lease, clock())
    assert first.job is not None
    assert second.job is not None
    passed = [
        await database.write(queue.fence, claim, "one", lease, 10.0, clock()) for claim in (second.job, first.job)
    ]
    assert [one is not None for one in passed] == [True, False]


async def test_a_post_counts_from_the_moment_at_which_it_leaves(engine: Bench) -> None:
    job, lease = await engine.ask(), engine.context.timings.lease_seconds
    claim = await engine.database.write(queue.claim, job.account_id, "one", lease, engine.context.clock())
    assert claim.job is not None
    engine.studio.advance(8)
    left_at = engine.context.clock()
    await engine.database.write(queue.fence, claim.job, "one", lease, 10.0, left_at)
    [post] = await engine.database.read(queue.post_log, job.account_id, left_at)
    assert post.at == left_at


async def test_a_claim_that_has_grown_old_is_given_up_and_sent_anew(
    engine: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await engine.ask()
    fence = queue.fence

    def slow_fence(*arguments: Any) -> Job | None:
        passed = fence(*arguments)
        engine.studio.advance(engine.context.timings.claim_seconds_max + 1)
        return passed

    monkeypatch.setattr(queue, "fence", slow_fence)
    await engine.submit()
    assert engine.studio.records.posts == []
    assert await engine.state(job) is JobState.QUEUED
    monkeypatch.setattr(queue, "fence", fence)
    await engine.submit()
    assert len(engine.studio.records.posts) == 1
