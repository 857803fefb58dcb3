"""The outbox: one closing message a job, whatever the channel, the result's host or the process do."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.jobs import Job, JobState
from bot.engine.notifier import DeliveryImpossible, DeliveryLater
from bot.services.jobs import RESEND_SECONDS, Resend
from bot.storage import outbox, postings
from bot.storage.database import Database
from bot.storage.tables.jobs import outbox_table
from bot.workers.media.download import DownloadLimits
from sandbox.studio.faults import Kind
from tests.support.bench import CHANNEL, Bench, bench


async def settled(engine: Bench, *prompts: str) -> list[Job]:
    """Jobs that have ended, one after the other, and are not delivered yet."""
    jobs = []
    for prompt in prompts or ("a job",):
        job = await engine.ask(prompt)
        await engine.submit()
        jobs.append(await engine.poll_until_ended(job))
        engine.studio.advance(1)
    return jobs


async def row(engine: Bench, job: Job) -> tuple[str | None, int, str | None]:
    """The outbox row's outcome, attempts and last problem."""
    query = select(outbox_table.c.outcome, outbox_table.c.attempts, outbox_table.c.problem)
    found = await engine.database.read(lambda conn: conn.execute(query.where(outbox_table.c.job_id == job.id)).one())
    return found.outcome, found.attempts, found.problem


async def deliver_until_done(engine: Bench) -> None:
    for _ in range(30):
        await engine.deliver()
        if not await engine.undelivered():
            return
        engine.studio.advance(60)
    raise AssertionError("not delivered")


async def test_an_answer_lost_after_posting_does_not_post_twice(engine: Bench) -> None:
    [job] = await settled(engine)
    engine.notifier.lose_answers = 1
    await deliver_until_done(engine)
    assert len(engine.notifier.closings) == 1
    assert (await row(engine, job))[:2] == ("channel", 2)


async def test_a_worker_that_died_after_posting_is_followed_by_one_that_finds_its_message(engine: Bench) -> None:
    [job] = await settled(engine)
    [owed] = await engine.database.write(outbox.claim, "dead worker", 120.0, engine.context.clock(), 4)
    engine.notifier.posted[owed.job_id] = 4711
    await engine.deliver()
    assert await engine.undelivered() == 1, "its lease stands"
    engine.studio.advance(121)
    await engine.deliver()
    assert engine.notifier.closings == []
    posting = await engine.database.read(postings.posting_of, job.id)
    assert posting is not None
    assert (posting.channel_id, posting.message_id) == (CHANNEL, 4711)


async def test_a_worker_that_was_only_slow_cannot_note_what_is_not_its_own_any_more(engine: Bench) -> None:
    [job] = await settled(engine)
    await engine.database.write(outbox.claim, "slow worker", 120.0, engine.context.clock(), 4)
    engine.studio.advance(121)
    await engine.deliver()
    place = {"channel_id": 1, "message_id": 2}
    late = await engine.database.write(outbox.done, job.id, "slow worker", "channel", 0.0, **place)
    assert late is False
    posting = await engine.database.read(postings.posting_of, job.id)
    assert posting is not None
    assert (posting.channel_id, posting.message_id) != (1, 2)


async def test_what_discord_cannot_take_now_is_tried_again_when_it_says(engine: Bench) -> None:
    [job] = await settled(engine)
    engine.notifier.trouble = [DeliveryLater("429", retry_after=90.0)]
    await engine.deliver()
    engine.studio.advance(80)
    await engine.deliver()
    assert engine.notifier.closings == []
    engine.studio.advance(11)
    await engine.deliver()
    assert len(engine.notifier.closings) == 1
    assert (await row(engine, job))[2] == "429"


async def test_a_member_who_cannot_be_told_anywhere_is_on_record(engine: Bench) -> None:
    [job] = await settled(engine)
    engine.notifier.trouble = [DeliveryImpossible("channel deleted, direct messages closed")]
    await engine.deliver()
    assert await engine.undelivered() == 0
    assert (await row(engine, job))[0] == "undeliverable"
    assert (await engine.job(job.id)).charged == 100


async def test_a_channels_messages_come_in_the_order_of_the_jobs(engine: Bench) -> None:
    first, second, third = await settled(engine, "first", "second", "third")
    engine.notifier.trouble = [DeliveryLater("503")]
    await engine.deliver()
    assert engine.notifier.closings == [], "the later ones wait for the first"
    await deliver_until_done(engine)
    assert [closing.job_id for closing, _ in engine.notifier.closings] == [first.id, second.id, third.id]


async def test_a_message_that_keeps_failing_does_not_hold_up_its_channel_for_ever(engine: Bench) -> None:
    first, second = await settled(engine, "first", "second")
    engine.notifier.trouble = [DeliveryLater("503") for _ in range(outbox.BLOCKING_ATTEMPTS + 1)]
    await deliver_until_done(engine)
    assert {closing.job_id for closing, _ in engine.notifier.closings} == {first.id, second.id}


@pytest.mark.parametrize("fault", ["error_before", "download_cut"])
async def test_a_result_that_cannot_be_fetched_at_first_is_fetched_later(engine: Bench, fault: Kind) -> None:
    await settled(engine)
    engine.studio.faults.add(fault, "media")
    await deliver_until_done(engine)
    [(_, files)] = engine.notifier.closings
    assert [len(content) for content in files] == [4096]


async def test_a_result_that_cannot_be_fetched_at_all_is_linked(engine: Bench) -> None:
    await settled(engine)
    engine.studio.faults.add("error_before", "media", status=404, times=None)
    await deliver_until_done(engine)
    [(closing, files)] = engine.notifier.closings
    assert closing.state is JobState.SUCCEEDED
    assert closing.results
    assert files == []


async def test_a_result_over_the_cap_is_linked_and_leaves_nothing_on_the_disk(
    database: Database, tmp_path: Path
) -> None:
    async with bench(database, tmp_path, limits=DownloadLimits(file_bytes=1000)) as engine:
        await settled(engine)
        await engine.deliver()
    [(closing, files)] = engine.notifier.closings
    assert closing.results
    assert files == []
    assert list((tmp_path / "one").iterdir()) == []


async def test_a_copy_that_a_member_wants_is_a_message_of_its_own(engine: Bench) -> None:
    [job] = await settled(engine)
    await deliver_until_done(engine)
    assert await engine.people.resend(job.id) is Resend.STANDS
    place = await engine.database.read(postings.posting_of, job.id)
    assert place is not None
    assert place.message_id is not None
    await engine.people.note_deleted(job.id, place.message_id, job.member_id)
    assert await engine.people.resend(job.id) is Resend.TOO_SOON
    engine.studio.advance(RESEND_SECONDS)
    assert await engine.people.resend(job.id) is Resend.OWED
    await deliver_until_done(engine)
    assert [closing.copy for closing, _ in engine.notifier.closings] == [1, 2]
    assert await engine.people.resend("unknown") is Resend.ON_ITS_WAY
