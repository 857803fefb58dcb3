"""A card goes when the closing message stands, also if its worker is lost on the way."""

from bot.storage import job_cards
from tests.support.bench import Bench


async def test_a_card_whose_removal_was_cut_off_is_removed_by_the_next_step(engine: Bench) -> None:
    job = await engine.ask()
    await engine.cards.step()
    await engine.finish(job)
    assert (await engine.job(job.id)).status_message_id is not None
    # The process dies between the claim and the removal.
    now, timings = engine.context.clock(), engine.context.timings
    [claimed] = await engine.database.write(
        lambda conn: job_cards.claim_stale(
            conn,
            now,
            pause_seconds=0.0,
            settle_seconds=0.0,
            refresh_seconds=timings.card_refresh_seconds,
            young_since=now,
            limit=1,
        )
    )
    assert claimed.closed
    engine.studio.advance(timings.card_refresh_seconds + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id]
    assert (await engine.job(job.id)).status_message_id is None
    engine.studio.advance(timings.card_refresh_seconds + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id], "what is gone is not removed again"
