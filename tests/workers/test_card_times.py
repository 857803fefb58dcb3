"""The times on a card are true while they are shown: none is over, and what takes too long is said in words."""

from bot.discord_ui.views.status_card import status_view
from bot.domain.jobs import JobState
from bot.domain.switches import Switch
from bot.engine.notifier import StatusCard
from bot.services.operations import Operations
from bot.storage import model_durations
from bot.workers.submitter import POSTS_IN_FLIGHT_MAX
from tests.support.bench import GUILD, Bench

USUAL = [50.0, 55.0, 60.0, 60.0, 65.0, 70.0]
"""Seconds that renders of the model took."""


async def learn(engine: Bench) -> None:
    for seconds in USUAL:
        await engine.database.write(model_durations.add, "veo31_fast", seconds, seconds)
    await engine.context.durations.load()


def said(card: StatusCard) -> str:
    """Return all that is written on a card, also on its buttons."""
    items = [getattr(item, "item", item) for item in status_view(card).walk_children()]
    return "\n".join(str(getattr(item, "content", "") or getattr(item, "label", "")) for item in items)


async def test_a_job_that_leaves_at_once_is_starting_and_cannot_be_cancelled(engine: Bench) -> None:
    await learn(engine)
    await engine.ask()
    await engine.cards.step()
    [card] = engine.notifier.cards
    assert (card.state, card.forecast.is_starting) == (JobState.QUEUED, True)
    assert "Starting · ready <t:" in said(card)
    assert "usually 50-70 s" in said(card)
    assert "Cancel" not in said(card)


async def test_a_render_that_takes_longer_than_usual_is_said_to_when_its_time_is_over(engine: Bench) -> None:
    await learn(engine)
    engine.studio.set_job_seconds(600.0, 600.0)
    await engine.ask()
    await engine.submit()
    await engine.cards.step()
    [rendering] = engine.notifier.cards
    assert "Rendering · ready <t:" in said(rendering)
    assert rendering.forecast.ready_at is not None
    left = rendering.forecast.ready_at - engine.context.clock()
    engine.studio.advance(left - 1)
    await engine.cards.step()
    assert len(engine.notifier.cards) == 1, "its time is not over yet"
    engine.studio.advance(2)
    await engine.cards.step()
    overdue = engine.notifier.cards[-1]
    assert "Rendering · it takes longer than usual (50-70 s)" in said(overdue)
    assert "<t:" not in said(overdue)


async def test_a_queued_job_has_cancel_until_it_is_about_to_start(engine: Bench) -> None:
    asked = [await engine.ask() for _ in range(15)]
    for _ in range(0, len(asked), POSTS_IN_FLIGHT_MAX):  # until the provider's minute is used up
        await engine.submit()
    waits = next(job for job in [await engine.job(job.id) for job in asked] if job.state is JobState.QUEUED)
    engine.studio.advance(engine.context.timings.card_settle_seconds + 1)
    card = (await cards(engine))[waits.id]
    assert "next in line" in said(card)
    assert "Cancel" in said(card)
    assert card.forecast.starts_at is not None
    engine.studio.advance(card.forecast.starts_at - engine.context.clock() - 3)
    card = (await cards(engine))[waits.id]
    assert "Starting" in said(card)
    assert "Cancel" not in said(card)


async def test_cards_of_a_guild_say_at_once_that_its_queue_is_paused(engine: Bench) -> None:
    operations = Operations(engine.context)
    await operations.switch(GUILD, Switch.PAUSED, True, 1)
    await engine.ask()
    await engine.cards.step()
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await operations.switch(GUILD, Switch.PAUSED, False, 1)
    await engine.cards.step()
    first, second = engine.notifier.cards
    assert "paused" in said(first)
    assert "Cancel" in said(first)
    assert "Starting" in said(second)


async def cards(engine: Bench) -> dict[str, StatusCard]:
    """Show all cards that are due, and return what each says now, by job id."""
    while await engine.cards.step() == 0.0:
        pass
    return {card.job_id: card for card in engine.notifier.cards}
