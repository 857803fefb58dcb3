"""One living message: the answer is the card, and where it cannot be, a worker posts the card once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.workers.cards import Cards
from sandbox.discord import DiscordSandbox, Message, Persona, RestFault
from sandbox.discord.default_world import MIA_ID, VIDEOS_ID
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, StageServices, becomes, words

CALLBACK = "/interactions/*/callback"


def public(sandbox: DiscordSandbox) -> list[Message]:
    """Return the bot's public messages that stand in the channel."""
    messages = sandbox.world.channels[VIDEOS_ID].messages.values()
    return [one for one in messages if one.author.bot and one.visible_to is None and one.deleted_at is None]


@asynccontextmanager
async def busy(services: StageServices) -> AsyncIterator[None]:
    """Hold the database's write lock, as a migration or a backup of another process would."""
    path = services.database.url.database
    assert path is not None
    blocker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    # In a thread: a transaction of the bot's that is under way ends only while the loop runs.
    await asyncio.to_thread(blocker.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        blocker.rollback()
        blocker.close()


async def show_cards(bot: StageBot, services: StageServices, seconds_later: float = 0.0) -> None:
    """Take a step of the worker that keeps the cards."""
    now = services.context.clock()
    services.context.clock = lambda: now + seconds_later
    await Cards(services.context, DiscordNotifier(bot, bot.mentions, default_settings)).step()


async def test_where_the_database_is_slow_the_member_is_told_in_time_and_a_worker_posts_the_card(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices, bot: StageBot
) -> None:
    async with busy(services):
        asked = await mia.slash("/veo fast", "videos", prompt="a fox")
        await asked.wait_response()
        assert public(sandbox) == []
    answer = await asked.wait_message()
    assert answer.visible_to == MIA_ID
    assert "I have your request" in words(answer)
    await show_cards(bot, services)
    [card] = public(sandbox)
    assert "100 credits held" in words(card)


@pytest.mark.parametrize("got_through", [True, False])
async def test_where_the_answer_was_lost_there_is_one_card_all_the_same(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices, bot: StageBot, got_through: bool
) -> None:
    # discord.py repeats the call; every repetition is lost as well.
    sandbox.controls.add_fault(RestFault("POST", CALLBACK, times=10, cut=True, process=got_through))
    sandbox.controls.add_fault(RestFault("GET", "/webhooks/*", times=10, status=404, code=10015))
    asked = await mia.slash("/veo fast", "videos", prompt="a fox")
    [job] = await becomes(services.all_jobs)
    await bot.request_flow.drain()
    assert (asked.message is not None) == got_through
    await show_cards(bot, services)
    assert len(public(sandbox)) == got_through, "the card is left to the answer at first"
    await show_cards(bot, services, services.context.timings.answer_seconds + 1)
    [card] = public(sandbox)
    view = await services.jobs.get(job.id)
    assert view is not None
    assert view.job.status_message_id == card.id
