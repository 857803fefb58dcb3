"""`/queue`: a moderator sees who waits for what and why, and cancels a line."""

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.switches import Switch
from bot.services import operations
from bot.storage import jobs
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, NOAH_ID
from sandbox.discord.walk import walk
from tests.cogs.conversation import answered, newest, told
from tests.support.stage import StageBot, button, words


@pytest.fixture
async def paused(bot: StageBot) -> None:
    """Hold the queue up, so that what is asked for waits."""
    await bot.services.operations.switch(FILM_CLUB_ID, Switch.PAUSED, True, ADA_ID)


def cancels(message: Message) -> list[str]:
    """Return the custom ids of the Cancel buttons, from the top."""
    return [str(part["custom_id"]) for _, part in walk(message.components) if part.get("label") == "Cancel"]


async def begin(bot: StageBot, job_id: str) -> None:
    """The job is sent at this moment."""

    def move(conn: Connection) -> None:
        jobs.transition(conn, job_id, JobState.QUEUED, JobState.SUBMITTING, "test", bot.services.clock())

    await bot.services.database.write(move)


@pytest.mark.usefixtures("paused")
async def test_each_line_says_who_what_since_when_and_why_it_waits(
    ada: Persona, mia: Persona, noah: Persona, bot: StageBot
) -> None:
    for member in (mia, noah):
        await told(member, "/veo fast", prompt="a secret fox")
    [noahs, mias] = await newest(bot)
    await bot.services.operations.switch(FILM_CLUB_ID, Switch.PAUSED, False, ADA_ID)
    await told(mia, "/veo fast", prompt="another fox")
    await begin(bot, noahs.id)
    page = await answered(ada, "/queue show")
    shown = words(page)
    assert "**2** queued · **1** being sent" in shown
    assert f"**Veo 3.1 Fast** · <@{MIA_ID}> · asked <t:{round(mias.created_at)}:R>" in shown
    assert f"<@{NOAH_ID}>" in shown
    assert "🎬 starting · ready <t:" in shown
    assert "usually about 90 s" in shown
    assert "fox" not in shown
    assert "Paused" not in shown


@pytest.mark.usefixtures("paused")
async def test_a_moderator_cancels_a_line_and_the_member_reads_who_did(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    page = await answered(ada, "/queue show")
    assert "⏸️ Paused: nothing is sent to the provider." in words(page)
    assert "the queue is paused" in words(page)
    [cancel] = cancels(page)
    pressed = await ada.press(page, cancel)
    await sandbox.wait_for(lambda: "is cancelled" in words(page))
    assert "Nothing is waiting or running." in words(page)
    assert cancels(page) == []
    assert pressed.messages == []
    [job] = await newest(bot)
    assert job.state is JobState.CANCELLED
    story = await bot.services.jobs.story(job.id)
    assert story is not None
    assert story.events[-1].actor_id == ADA_ID
    assert await bot.services.database.read(jobs.ended_by, job.id) == ADA_ID


@pytest.mark.usefixtures("paused")
async def test_a_cancel_that_comes_too_late_says_so_and_goes(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)
    page = await answered(ada, "/queue show")
    [cancel] = cancels(page)
    await begin(bot, job.id)
    await ada.press(page, cancel)
    await sandbox.wait_for(lambda: "Too late for **Veo 3.1 Fast**" in words(page))
    assert cancels(page) == []


@pytest.mark.usefixtures("paused")
async def test_a_press_is_checked_as_the_command_is(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox
) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    page = await answered(ada, "/queue show")
    sandbox.world.guilds[FILM_CLUB_ID].members[ADA_ID].role_ids.clear()
    for custom_id in (*cancels(page), button(page, "Refresh")):
        refused = await (await ada.press(page, custom_id)).wait_message()
        assert "Manage Server" in words(refused)
    [job] = await newest(bot)
    assert job.state is JobState.QUEUED


@pytest.mark.usefixtures("paused")
async def test_a_page_is_refreshed_and_turned_in_place(
    ada: Persona, mia: Persona, bot: StageBot, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "QUEUE_LINES", 3)
    for number in range(4):
        await told(mia, "/veo fast", prompt=f"fox {number}")
    page = await answered(ada, "/queue show")
    assert "Page 1 of 2" in words(page)
    assert len(cancels(page)) == 3
    await ada.press(page, button(page, "Next"))
    await sandbox.wait_for(lambda: "Page 2 of 2" in words(page))
    assert len(cancels(page)) == 1
    await told(ada, "/queue resume")
    await ada.press(page, button(page, "Refresh"))
    await sandbox.wait_for(lambda: "Paused" not in words(page))
    assert "starting" in words(page)
    assert cancels(page) == [], "it would come too late"
