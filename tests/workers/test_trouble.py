"""What breaks on the way to the provider: nothing is lost, nothing is paid twice, nothing is guessed."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.jobs import JobState
from bot.domain.json_value import JsonValue
from bot.services.operations import Operations
from bot.storage import queue, renders
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.protocol import Accepted
from bot.workers.housekeeping import release_leases
from sandbox.studio.faults import Kind
from tests.support.bench import GUILD, Bench
from tests.support.bench import engine as another_engine


async def look_up_until_decided(engine: Bench, *ids: str, hours: float = 1.0) -> list[JobState]:
    """Let time pass and look up, as the loop would, until no job is unknown any more."""
    waited = 0.0
    while waited < hours * 3600:
        await engine.reconciliation.step()
        states = [(await engine.job(job_id)).state for job_id in ids]
        if JobState.UNKNOWN not in states:
            return states
        engine.studio.advance(10)
        waited += 10
    return states


LOST_AFTER_ACCEPTING = {
    "a cut connection": lambda faults: faults.add("cut_after"),
    "a 5xx": lambda faults: faults.add("error_after", status=502),
    "an unreadable answer": lambda faults: faults.add("garbage"),
}


@pytest.mark.parametrize("how", LOST_AFTER_ACCEPTING)
async def test_an_answer_lost_after_accepting_is_found_in_the_history_and_not_paid_twice(
    engine: Bench, how: str
) -> None:
    LOST_AFTER_ACCEPTING[how](engine.studio.faults)
    job = await engine.ask()
    await engine.submit()
    assert await engine.state(job) is JobState.UNKNOWN
    assert await look_up_until_decided(engine, job.id) == [JobState.RUNNING]
    ended = await engine.poll_until_ended(job)
    assert ended.charged == engine.studio.records.charged() == 100
    assert len(engine.studio.records.accepted_posts()) == 1


async def known_render(engine: Bench) -> None:
    """Have a render made that the history shows: without one of ours, it proves nothing."""
    known = await engine.ask("known to be there")
    await engine.submit()
    await engine.poll_until_ended(known)
    engine.studio.advance(900)


@pytest.mark.parametrize("how", ["cut_before", "error_before"])
async def test_what_never_arrived_is_sent_again_once_the_history_proves_it(engine: Bench, how: Kind) -> None:
    await known_render(engine)
    engine.studio.faults.add(how)
    job = await engine.ask()
    await engine.submit()
    assert await engine.state(job) is JobState.UNKNOWN
    await engine.reconciliation.step()
    engine.studio.advance(engine.context.timings.lookup_after_seconds + 1)
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.UNKNOWN, "absence does not count so soon"
    later = await engine.ask("made later: the history is up to date")
    await engine.submit()
    assert await engine.state(later) is JobState.RUNNING
    assert await look_up_until_decided(engine, job.id) == [JobState.QUEUED]
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    assert len(engine.studio.records.accepted_posts()) == 3


async def test_without_a_known_render_the_history_proves_nothing(engine: Bench) -> None:
    engine.studio.faults.add("cut_before")
    job = await engine.ask()
    await engine.submit()
    assert await look_up_until_decided(engine, job.id) == [JobState.UNRESOLVED]
    assert len(engine.studio.records.posts) == 1


async def test_a_history_that_shows_the_job_late_is_waited_for(engine: Bench) -> None:
    engine.studio.history_lag_seconds = 60
    engine.studio.faults.add("cut_after")
    job = await engine.ask()
    await engine.submit()
    assert await look_up_until_decided(engine, job.id) == [JobState.RUNNING]
    assert len(engine.studio.records.posts) == 1


async def test_a_history_that_hides_what_we_know_is_not_trusted(engine: Bench) -> None:
    """Ours are not in it, so a missing one proves nothing: an owner decides, nothing is sent again."""
    known = await engine.ask("known to be there")
    await engine.submit()
    await engine.poll_until_ended(known)
    engine.studio.history_lag_seconds = 10**9
    engine.studio.faults.add("cut_after")
    job = await engine.ask("lost")
    await engine.submit()
    assert await look_up_until_decided(engine, job.id) == [JobState.UNRESOLVED]
    assert len(engine.studio.records.posts) == 2
    assert (await engine.ledger(job)) == [("hold", 100, 0)], "the hold stands until an owner decides"


async def test_a_history_that_cannot_be_read_ends_with_the_owner(engine: Bench) -> None:
    engine.studio.faults.add("cut_after")
    engine.studio.faults.add("garbage", "history", times=None)
    job = await engine.ask()
    await engine.submit()
    assert await look_up_until_decided(engine, job.id) == [JobState.UNRESOLVED]
    assert len(engine.studio.records.posts) == 1


async def test_two_identical_requests_lost_together_each_find_their_own(engine: Bench) -> None:
    engine.studio.faults.add("cut_after", times=2)
    first, second = await engine.ask("the same"), await engine.ask("the same")
    await engine.submit()
    await engine.submit()
    states = await look_up_until_decided(engine, first.id, second.id)
    assert states == [JobState.RUNNING, JobState.RUNNING]
    await engine.poll_until_ended(first)
    await engine.poll_until_ended(second)
    assert engine.studio.records.charged() == 200
    owned = await engine.database.read(renders.of_jobs, [first.id, second.id])
    assert owned[first.id][0].remote_id != owned[second.id][0].remote_id


async def test_one_of_two_identical_requests_arrived_and_it_is_not_guessed_which(engine: Bench) -> None:
    engine.studio.faults.add("cut_after")
    engine.studio.faults.add("cut_before")
    first, second = await engine.ask("the same"), await engine.ask("the same")
    await engine.submit()
    await engine.submit()
    states = await look_up_until_decided(engine, first.id, second.id)
    assert set(states) == {JobState.UNRESOLVED}
    assert len(engine.studio.records.posts) == 2


async def test_a_render_without_a_prompt_in_the_history_is_never_adopted(engine: Bench) -> None:
    """It may be one that the key's owner made elsewhere. An owner is shown it instead."""
    engine.studio.history_shape = "without_prompt"
    await known_render(engine)
    engine.studio.faults.add("cut_after")
    job = await engine.ask("lost")
    await engine.submit()
    assert await look_up_until_decided(engine, job.id) == [JobState.UNRESOLVED]
    [case] = await Operations(engine.context).unresolved()
    assert [candidate.remote_id for candidate in case.candidates] == [engine.studio.jobs[-1].job_id]
    assert len(engine.studio.records.posts) == 2


async def test_a_provider_that_cannot_be_reached_costs_no_slot_and_no_job(engine: Bench) -> None:
    job = await engine.ask()
    await engine.studio.close()
    await engine.submit()
    assert await engine.state(job) is JobState.QUEUED
    now = engine.context.clock()
    assert await engine.database.read(queue.post_log, job.account_id, now) == []


async def test_errors_while_polling_never_fail_the_job_and_never_hurry(engine: Bench) -> None:
    job = await engine.ask()
    await engine.submit()
    engine.studio.faults.add("error_before", "status", status=500, times=5)
    asked = engine.studio.records.request_counts["status"]
    for _ in range(3):
        engine.studio.advance(60)
        await engine.poller.step()
        await engine.poller.step()
    assert await engine.state(job) is JobState.RUNNING
    assert engine.studio.records.request_counts["status"] - asked <= 3, "asked once per due time, not in a loop"
    assert (await engine.poll_until_ended(job)).state is JobState.SUCCEEDED


async def test_many_running_jobs_are_asked_about_by_one_history_call(engine: Bench) -> None:
    jobs = [await engine.ask(f"number {number}") for number in range(4)]
    await engine.submit()
    engine.studio.advance(120)
    await engine.poller.step()
    assert {(await engine.job(job.id)).state for job in jobs} == {JobState.SUCCEEDED}
    assert engine.studio.records.request_counts["history"] == 1
    assert engine.studio.records.request_counts["status"] == 0


async def test_a_job_without_an_end_becomes_the_owners_case(engine: Bench) -> None:
    engine.studio.faults.add("job_stuck")
    job = await engine.ask()
    await engine.submit()
    engine.studio.advance(engine.context.timings.running_seconds_max + 60)
    await engine.poller.step()
    assert await engine.state(job) is JobState.UNRESOLVED
    assert await engine.ledger(job) == [("hold", 100, 0)]


async def test_a_worker_that_died_while_sending_gives_up_its_claim(engine: Bench, tmp_path: Path) -> None:
    job = await engine.ask()
    claim = await engine.database.write(
        queue.claim, job.account_id, "dead worker", engine.context.timings.lease_seconds, engine.context.clock()
    )
    assert claim.job is not None
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.SUBMITTING, "its lease stands"
    engine.studio.advance(engine.context.timings.lease_seconds + 1)
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.QUEUED, "it did not pass the fence, so it was not sent"
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    assert len(engine.studio.records.posts) == 1


async def test_after_the_only_process_died_its_claims_are_free_at_once(engine: Bench) -> None:
    job = await engine.ask()
    await engine.database.write(
        queue.claim, job.account_id, "dead", engine.context.timings.lease_seconds, engine.context.clock()
    )
    await engine.database.write(release_leases, engine.context.clock())
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.QUEUED


async def test_a_worker_that_was_only_slow_changes_nothing(engine: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its job was taken over and found meanwhile; its own late answer names the same render."""
    provider = engine.context.providers[OWNER_ACCOUNT]
    generate, heard, may_go_on = provider.generate, asyncio.Event(), asyncio.Event()

    async def generate_late(body: Mapping[str, JsonValue]) -> Accepted:
        accepted = await generate(body)
        heard.set()
        await may_go_on.wait()
        return accepted

    monkeypatch.setattr(provider, "generate", generate_late)
    job = await engine.ask()
    await engine.submitter.step()
    await heard.wait()
    taken = update(jobs_table).where(jobs_table.c.id == job.id)
    await engine.database.write(lambda conn: conn.execute(taken.values(due_at=0.0)))
    assert await look_up_until_decided(engine, job.id) == [JobState.RUNNING]
    may_go_on.set()
    await engine.submitter.drain()
    assert (await engine.poll_until_ended(job)).charged == engine.studio.records.charged() == 100


async def test_two_workers_share_one_budget_and_no_job_is_sent_twice(engine: Bench, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        other = await another_engine(stack, engine.database, tmp_path, engine.studio, "two")
        asked = [await engine.ask(f"number {number}", guild=GUILD + number % 3) for number in range(30)]
        for _ in range(40):
            await asyncio.gather(engine.submit(), other.submit())
            engine.studio.advance(150)
        states = {(await engine.job(job.id)).state for job in asked}
        assert states == {JobState.RUNNING}
        assert len(engine.studio.records.posts) == 30
        assert engine.studio.records.posts_in_any_hour_max() <= 24
