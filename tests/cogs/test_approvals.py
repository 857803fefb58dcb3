"""Expensive requests wait for a moderator, who decides on a card in a channel."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import Connection, text

from bot.discord_ui.language import catalogues
from bot.domain.approvals import APPROVAL_SECONDS
from bot.domain.jobs import JobState
from bot.domain.switches import WHOLE_BOT, Switch
from bot.engine.approval import Question
from bot.storage import approvals, job_cards
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Message, Persona, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID, OMAR_ID
from tests.cogs.conversation import newest, told
from tests.discord_ui.catalogues import VEO_FAST
from tests.discord_ui.language.pseudo import LOCALE, pseudo_language
from tests.support.stage import StageBot, becomes, button, make_services, running, words


async def ask_for_approval(ada: Persona, mia: Persona, bot: StageBot) -> Message:
    """Return the card in the moderators' channel."""
    assert "above: 50 credits" in await told(ada, "/quota set approval_above", amount="50", channel="videos")
    await told(mia, "/veo fast", prompt="a fox")
    await bot.approval_cards.step()
    [card] = [message for message in ada.read("videos") if "waits for approval" in words(message)]
    return card


@pytest.mark.parametrize(
    ("label", "verb", "state", "left"),
    [("Approve", "approved", JobState.QUEUED, 900), ("Deny", "denied", JobState.CANCELLED, 1000)],
)
async def test_a_moderator_decides_about_an_expensive_request(
    ada: Persona,
    mia: Persona,
    bot: StageBot,
    sandbox: DiscordSandbox,
    label: str,
    verb: str,
    state: JobState,
    left: int,
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    [job] = await newest(bot)
    assert job.state is JobState.AWAITING
    assert f"<@{MIA_ID}> asks for" in words(card)
    assert "100 credits" in words(card)
    refused = await (await mia.press(card, button(card, label))).wait_message()
    assert "Manage Server" in words(refused)
    pressed = await ada.press(card, button(card, label))
    await sandbox.wait_for(lambda: f"<@{ada.id}> {verb}: **Veo 3.1 Fast** for <@{MIA_ID}>" in words(card))
    assert "custom_id" not in str(card.components)
    assert len(words(card).splitlines()) == 1, "the card ends as a line"
    assert pressed.messages == [], "nobody needs a third message"
    [job] = await newest(bot)
    assert job.state is state
    assert f"spend up to **{left:,} credits** now" in await told(mia, "/credits")
    question = await becomes(partial(closed, bot, job.id))
    assert question.approval.actor_id == ada.id
    with pytest.raises(ValueError, match="decided_before"):
        await bot.services.approvals.decide(job.id, approved=True, actor_id=ada.id)


async def closed(bot: StageBot, job_id: str) -> Question | None:
    """Return the question about a job once no card is left for the worker to close."""
    unclosed = await bot.services.database.read(approvals.unclosed)
    return None if unclosed else await bot.services.approvals.find(job_id)


async def test_where_the_answer_to_the_press_is_lost_the_worker_closes_the_card(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    sandbox.controls.add_fault(RestFault("PATCH", "/webhooks/*", times=10, status=404, code=10015))
    await ada.press(card, button(card, "Approve"))
    await becomes(partial(decided, bot))
    await bot.approval_cards.step()
    assert f"<@{ada.id}> approved" in words(card)


async def decided(bot: StageBot) -> bool:
    [job] = await newest(bot)
    return job.state is JobState.QUEUED


async def test_a_card_that_was_decided_elsewhere_is_closed_by_the_next_press(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    [job] = await newest(bot)
    await bot.services.approvals.decide(job.id, approved=False, actor_id=OMAR_ID)
    pressed = await ada.press(card, button(card, "Approve"))
    await sandbox.wait_for(lambda: f"<@{OMAR_ID}> denied" in words(card))
    [told_privately] = pressed.messages
    assert told_privately.visible_to == ada.id
    assert "was denied already" in words(told_privately)


async def test_the_members_card_follows_a_decision_at_once(ada: Persona, mia: Persona, bot: StageBot) -> None:
    await ask_for_approval(ada, mia, bot)
    [job] = await newest(bot)
    assert await cards_to_show(bot) == [JobState.AWAITING]
    assert await cards_to_show(bot) == [], "a card is edited only every so often"
    await bot.services.approvals.decide(job.id, approved=True, actor_id=ada.id)
    assert await cards_to_show(bot) == [JobState.QUEUED]


async def cards_to_show(bot: StageBot) -> list[JobState]:
    """Take the cards that may be edited now, and return the states of their jobs."""
    now = bot.services.clock()

    def claim(conn: Connection) -> list[JobState]:
        stale = job_cards.claim_stale(
            conn, now, pause_seconds=3600, settle_seconds=0, refresh_seconds=60, young_since=now, limit=9
        )
        return [card.job.state for card in stale]

    return await bot.services.database.write(claim)


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
    ada: Persona,
    mia: Persona,
    bot: StageBot,
    sandbox: DiscordSandbox,
    hold_up: Callable[[StageBot, bool], Awaitable[None]],
    said: str,
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    await hold_up(bot, True)
    pressed = await ada.press(card, button(card, "Approve"))
    await sandbox.wait_for(lambda: f"<@{ada.id}> pressed Approve" in words(card))
    assert said in words(card), "everybody who sees the card reads why it still stands"
    [told_privately] = pressed.messages
    assert told_privately.visible_to == ada.id
    assert said in words(told_privately)
    [job] = await newest(bot)
    assert job.state is JobState.AWAITING
    await hold_up(bot, False)
    await ada.press(card, button(card, "Approve"))
    await becomes(partial(decided, bot))


async def test_a_request_of_a_blocked_server_can_still_be_denied(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    await block(bot, True)
    await ada.press(card, button(card, "Deny"))
    await sandbox.wait_for(lambda: "denied" in words(card))
    [job] = await newest(bot)
    assert job.state is JobState.CANCELLED


async def test_the_cards_buttons_work_after_a_restart(sandbox: DiscordSandbox, sqlite_database: Database) -> None:
    ada, mia = sandbox.persona("ada"), sandbox.persona("mia")
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        card = await ask_for_approval(ada, mia, bot)
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        await ada.press(card, button(card, "Approve"))
        await becomes(partial(decided, bot))


async def test_what_nobody_decides_within_a_day_is_taken_back(
    ada: Persona, mia: Persona, bot: StageBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    now = bot.services.clock()
    monkeypatch.setattr(bot.stage.context, "clock", lambda: now + APPROVAL_SECONDS + 1)
    await bot.approval_cards.step()
    [job] = await newest(bot)
    assert (job.state, job.reason) == (JobState.CANCELLED, "no moderator decided within a day")
    assert "spend up to **1,000 credits** now" in await told(mia, "/credits")
    [closed] = [message for message in ada.read("videos") if message.id == card.id]
    assert "Nobody decided within a day" in words(closed)


async def test_moderators_see_at_once_what_waits_and_what_no_longer_does(
    ada: Persona, mia: Persona, bot: StageBot
) -> None:
    asked = bot.stage.context.wake_events.approvals
    await told(ada, "/quota set approval_above", amount="50", channel="videos")
    asked.clear()
    card = await (await mia.slash("/veo fast", "videos", prompt="a fox")).wait_message()
    assert asked.is_set(), "the question is posted now, not with the next look for work"
    asked.clear()
    await mia.press(card, button(card, "Cancel"))
    async with asyncio.timeout(10):
        await asked.wait()


async def test_a_channel_in_which_the_bot_may_not_post_cannot_be_chosen(ada: Persona, bot: StageBot) -> None:
    refused = await told(ada, "/quota set approval_above", amount="50", channel="staff")
    assert "I may not post in" in refused
    assert "**View Channel**" in refused, "what #staff denies to everybody but moderators"
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


async def test_the_card_keeps_the_language_of_the_server_when_somebody_of_another_language_decides(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    language = pseudo_language()
    monkeypatch.setattr(catalogues, "languages", lambda: {LOCALE: language})
    ada.user.locale = LOCALE
    await ada.press(card, button(card, "Deny"))
    await sandbox.wait_for(lambda: f"<@{ada.id}> denied: **Veo 3.1 Fast** for <@{MIA_ID}>" in words(card))
