"""A card goes when the closing message stands, also if its worker is lost on the way."""

from bot.storage import job_cards
from bot.storage.job_cards import StaleCard
from tests.support.bench import Bench


async def claim(engine: Bench) -> StaleCard:
    """Take the one card that is out of date, as a worker does before it shows or removes it."""
    now = engine.context.clock()
    refresh = engine.context.timings.card_refresh_seconds
    [claimed] = await engine.database.write(
        lambda conn: job_cards.claim_stale(
            conn, now, pause_seconds=0.0, settle_seconds=0.0, refresh_seconds=refresh, young_since=now, limit=1
        )
    )
    return claimed


async def test_a_card_whose_removal_was_cut_off_is_removed_by_the_next_step(engine: Bench) -> None:
    job = await engine.ask()
    await engine.cards.step()
    await engine.finish(job)
    assert (await engine.job(job.id)).status_message_id is not None
    # The process dies between the claim and the removal.
    assert (await claim(engine)).closed
    timings = engine.context.timings
    engine.studio.advance(timings.card_refresh_seconds + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id]
    assert (await engine.job(job.id)).status_message_id is None
    engine.studio.advance(timings.card_refresh_seconds + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id], "what is gone is not removed again"


async def test_a_card_that_was_posted_and_not_noted_goes_too(engine: Bench) -> None:
    job = await engine.ask()
    assert not (await claim(engine)).may_stand
    # The worker posts the card and dies before it can note it; the job ends.
    engine.notifier.answers[job.id] = 777
    await engine.finish(job)
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id]
    assert (await engine.job(job.id)).status_message_id is None


async def test_a_card_that_was_still_being_posted_when_its_job_ended_goes_too(engine: Bench) -> None:
    job = await engine.ask()
    await claim(engine)
    await engine.finish(job)
    engine.notifier.answers.clear()
    await engine.cards.step()
    assert engine.notifier.removed == [job.id]
    # The slow worker comes back and notes its card.
    await engine.database.write(job_cards.set_message, job.id, 778)
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id, job.id]
    assert (await engine.job(job.id)).status_message_id is None
