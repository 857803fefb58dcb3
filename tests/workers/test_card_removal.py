"""A card goes when the closing message stands, also if its worker is lost on the way."""

import pytest

from bot.engine.notifier import StatusCard
from bot.storage import job_cards, outbox
from bot.storage.job_cards import StaleCard
from sandbox.chaos.promises import Book, read_books, settled
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


async def books(engine: Bench) -> list[Book]:
    """Read what chaos reads of the bot's database."""
    return await read_books(engine.database.url.render_as_string(hide_password=False))


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
    assert not settled(await books(engine)), "chaos waits until the card was looked for"
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert engine.notifier.removed == [job.id]
    assert (await engine.job(job.id)).status_message_id is None
    assert settled(await books(engine))


async def test_a_card_that_was_found_and_said_done_before_the_worker_was_lost_goes_too(
    engine: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[int | None] = []
    remove_card = engine.notifier.remove_card

    async def remove(card: StatusCard) -> int | None:
        removed.append(card.message_id)
        return await remove_card(card)

    monkeypatch.setattr(engine.notifier, "remove_card", remove)
    job = await engine.ask()
    await claim(engine)
    engine.notifier.answers[job.id] = 777
    await engine.submit()
    await engine.poll_until_ended(job)
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    # The closing message is late. The card is found and says that the video is done, so that nobody finds it again.
    engine.notifier.lose_cards = 1
    await engine.cards.step()
    assert [card.message_id for card in engine.notifier.cards] == [777]
    assert (await engine.job(job.id)).status_message_id == 777
    await engine.deliver()
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert removed == [777]
    assert (await engine.job(job.id)).status_message_id is None
    assert settled(await books(engine))


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


async def test_a_card_that_a_worker_found_first_is_the_answer_all_the_same(engine: Bench) -> None:
    job = await engine.ask()
    await engine.database.write(job_cards.set_message, job.id, 777)
    assert await engine.people.note_card(job.id, 777), "the answer that is the card is not withdrawn"
    assert not await engine.people.note_card(job.id, 778)
    assert (await engine.job(job.id)).status_message_id == 777


async def test_an_answer_that_is_noted_while_a_worker_looks_for_it_in_vain_goes_too(
    engine: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await engine.ask()
    await claim(engine)
    await engine.finish(job)

    async def find_card(card: StatusCard, since: float) -> None:
        # The answer comes just after the look.
        assert await engine.people.note_card(card.job_id, 777)

    monkeypatch.setattr(engine.notifier, "find_card", find_card)
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert (await engine.job(job.id)).status_message_id == 777
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert (await engine.job(job.id)).status_message_id is None
    assert engine.notifier.removed[-1] == job.id


async def test_a_card_that_was_turned_and_not_noted_is_the_closing_message_and_stays(engine: Bench) -> None:
    job = await engine.ask()
    await engine.cards.step()
    card = (await engine.job(job.id)).status_message_id
    assert card is not None
    await engine.people.cancel(job.id, job.member_id)
    # A worker takes the message, turns the card, and dies before it can note it.
    timings, now = engine.context.timings, engine.context.clock()
    await engine.database.write(outbox.claim, "lost", timings.lease_seconds, now, 1)
    engine.notifier.posted[job.id] = card
    engine.studio.advance(timings.lease_seconds + 1)
    await engine.deliver()
    assert await engine.undelivered() == 0
    engine.studio.advance(timings.card_refresh_seconds + 1)
    await engine.cards.step()
    assert engine.notifier.removed == []
