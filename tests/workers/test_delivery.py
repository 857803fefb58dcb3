"""The outbox: one closing message a job, whatever the channel, the result's host or the process do."""

from sqlalchemy import select

from bot.domain.jobs import Job
from bot.engine.notifier import DeliveryImpossible, DeliveryLater
from bot.services.job_views import RESEND_SECONDS, Resend
from bot.storage import outbox, postings
from bot.storage.tables.jobs import outbox_table
from tests.support.bench import CHANNEL, Bench


async def row(engine: Bench, job: Job) -> tuple[str | None, int, str | None]:
    """Return the outbox row's outcome, attempts and last problem."""
    query = select(outbox_table.c.outcome, outbox_table.c.attempts, outbox_table.c.problem)
    found = await engine.database.read(lambda conn: conn.execute(query.where(outbox_table.c.job_id == job.id)).one())
    return found.outcome, found.attempts, found.problem


async def test_an_answer_lost_after_posting_does_not_post_twice(engine: Bench) -> None:
    [job] = await engine.settled()
    engine.notifier.lose_answers = 1
    await engine.deliver_until_done()
    assert len(engine.notifier.closings) == 1
    assert (await row(engine, job))[:2] == ("channel", 2)


async def test_a_worker_that_died_after_posting_is_followed_by_one_that_finds_its_message(engine: Bench) -> None:
    [job] = await engine.settled()
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
    [job] = await engine.settled()
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
    [job] = await engine.settled()
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
    [job] = await engine.settled()
    engine.notifier.trouble = [DeliveryImpossible("channel deleted, direct messages closed")]
    await engine.deliver()
    assert await engine.undelivered() == 0
    assert (await row(engine, job))[0] == "undeliverable"
    assert (await engine.job(job.id)).charged == 100


async def test_a_channels_messages_come_in_the_order_of_the_jobs(engine: Bench) -> None:
    first, second, third = await engine.settled("first", "second", "third")
    engine.notifier.trouble = [DeliveryLater("503")]
    await engine.deliver()
    assert engine.notifier.closings == [], "the later ones wait for the first"
    await engine.deliver_until_done()
    assert [closing.job_id for closing, _ in engine.notifier.closings] == [first.id, second.id, third.id]


async def test_a_message_that_keeps_failing_does_not_hold_up_its_channel_for_ever(engine: Bench) -> None:
    first, second = await engine.settled("first", "second")
    engine.notifier.trouble = [DeliveryLater("503") for _ in range(outbox.BLOCKING_ATTEMPTS + 1)]
    await engine.deliver_until_done()
    assert {closing.job_id for closing, _ in engine.notifier.closings} == {first.id, second.id}


async def test_a_copy_that_a_member_wants_is_a_message_of_its_own(engine: Bench) -> None:
    [job] = await engine.settled()
    await engine.deliver_until_done()
    assert await engine.people.resend(job.id, job.member_id) is Resend.STANDS
    place = await engine.database.read(postings.posting_of, job.id)
    assert place is not None
    assert place.message_id is not None
    await engine.people.note_deleted(job.id, place.message_id, job.member_id)
    assert await engine.people.resend(job.id, job.member_id) is Resend.TOO_SOON
    engine.studio.advance(RESEND_SECONDS)
    assert await engine.people.resend(job.id, job.member_id) is Resend.OWED
    await engine.deliver_until_done()
    assert [closing.copy for closing, _ in engine.notifier.closings] == [1, 2]
    assert await engine.people.resend("unknown", job.member_id) is Resend.ON_ITS_WAY
