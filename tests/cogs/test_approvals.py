"""Expensive requests wait for a moderator, who decides on a card in a channel."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from bot.domain.approvals import APPROVAL_SECONDS
from bot.domain.jobs import JobState
from bot.domain.switches import WHOLE_BOT, Switch
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID, OMAR_ID
from tests.cogs.conversation import newest, told
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, button, make_services, running, words


async def ask_for_approval(ada: Persona, mia: Persona, bot: StageBot) -> Message:
    """Return the card in the moderators' channel."""
    assert "above: 50 credits" in await told(ada, "/quota set approval_above", amount="50", channel="videos")
    await told(mia, "/veo fast", prompt="a fox")
    await bot.approval_cards.step()
    [card] = [message for message in ada.read("videos") if "waits for approval" in words(message)]
    return card


@pytest.mark.parametrize(
    ("label", "state", "left"), [("Approve", JobState.QUEUED, 900), ("Deny", JobState.CANCELLED, 1000)]
)
async def test_a_moderator_decides_about_an_expensive_request(
    ada: Persona, mia: Persona, bot: StageBot, label: str, state: JobState, left: int
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    [job] = await newest(bot)
    assert job.state is JobState.AWAITING
    assert f"<@{MIA_ID}> asks for" in words(card)
    assert "100 credits" in words(card)
    refused = await (await mia.press(card, button(card, label))).wait_message()
    assert "Manage Server" in words(refused)
    pressed = await (await ada.press(card, button(card, label))).wait_message()
    assert pressed.visible_to == ada.id
    [job] = await newest(bot)
    assert job.state is state
    assert f"spend up to **{left:,}** now" in await told(mia, "/credits")
    await bot.approval_cards.step()
    [closed] = [message for message in ada.read("videos") if message.id == card.id]
    assert f"by <@{ada.id}>" in words(closed)
    assert "custom_id" not in str(closed.components)
    again = await bot.services.approvals.find(job.id)
    assert again is not None
    with pytest.raises(ValueError, match="decided_before"):
        await bot.services.approvals.decide(job.id, approved=True, actor_id=ada.id)


async def block(bot: StageBot, on: bool) -> None:
    reason = "unpaid" if on else None
    await bot.services.credits.change_rules(FILM_CLUB_ID, OMAR_ID, blocked_reason=reason)


async def drain_here(bot: StageBot, on: bool) -> None:
    await bot.services.operations.switch(FILM_CLUB_ID, Switch.DRAINING, on, OMAR_ID)


async def drain_everywhere(bot: StageBot, on: bool) -> None:
    await bot.services.operations.switch(WHOLE_BOT, Switch.DRAINING, on, OMAR_ID)


@pytest.mark.parametrize(
    ("hold_up", "said"),
    [(block, "owner has stopped this server"), (drain_here, "No new"), (drain_everywhere, "No new")],
)
async def test_the_owners_brake_reaches_requests_that_wait_for_approval(
    ada: Persona, mia: Persona, bot: StageBot, hold_up: Callable[[StageBot, bool], Awaitable[None]], said: str
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    await hold_up(bot, True)
    assert said in words(await (await ada.press(card, button(card, "Approve"))).wait_message())
    [job] = await newest(bot)
    assert job.state is JobState.AWAITING
    await hold_up(bot, False)
    await (await ada.press(card, button(card, "Approve"))).wait_message()
    [job] = await newest(bot)
    assert job.state is JobState.QUEUED


async def test_a_request_of_a_blocked_server_can_still_be_denied(ada: Persona, mia: Persona, bot: StageBot) -> None:
    card = await ask_for_approval(ada, mia, bot)
    await block(bot, True)
    await (await ada.press(card, button(card, "Deny"))).wait_message()
    [job] = await newest(bot)
    assert job.state is JobState.CANCELLED


async def test_the_cards_buttons_work_after_a_restart(sandbox: DiscordSandbox, sqlite_database: Database) -> None:
    ada, mia = sandbox.persona("ada"), sandbox.persona("mia")
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        card = await ask_for_approval(ada, mia, bot)
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        await (await ada.press(card, button(card, "Approve"))).wait_message()
        [job] = await newest(bot)
        assert job.state is JobState.QUEUED


async def test_what_nobody_decides_within_a_day_is_taken_back(
    ada: Persona, mia: Persona, bot: StageBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    now = bot.services.clock()
    monkeypatch.setattr(bot.stage.context, "clock", lambda: now + APPROVAL_SECONDS + 1)
    await bot.approval_cards.step()
    [job] = await newest(bot)
    assert (job.state, job.reason) == (JobState.CANCELLED, "no moderator decided within a day")
    assert "spend up to **1,000** now" in await told(mia, "/credits")
    [closed] = [message for message in ada.read("videos") if message.id == card.id]
    assert "Nobody decided within a day" in words(closed)


async def test_a_channel_in_which_the_bot_may_not_post_cannot_be_chosen(ada: Persona, bot: StageBot) -> None:
    assert "I may not post in" in await told(ada, "/quota set approval_above", amount="50", channel="staff")
    assert "Name the channel" in await told(ada, "/quota set approval_above", amount="50")


async def test_a_request_is_not_left_waiting_where_nobody_can_be_asked(
    ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await told(ada, "/quota set approval_above", amount="50", channel="videos")
    await told(mia, "/veo fast", prompt="a fox")
    await bot.services.database.write(lambda conn: conn.execute(text("UPDATE approvals SET channel_id = 1")))
    await bot.approval_cards.step()
    [job] = await newest(bot)
    assert (job.state, job.reason) == (JobState.CANCELLED, "the moderators' channel cannot be reached")
