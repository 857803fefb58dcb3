"""Results that somebody deletes: who may have them posted again, and how often."""

import pytest

from bot.domain.jobs import Job
from bot.services.jobs import RESEND_SECONDS
from bot.storage import outbox
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import VIDEOS_ID
from tests.discord_ui.test_results import ask, closing_of
from tests.support.stage import StageBot, StageServices, button, words


async def delivered(
    member: Persona,
    bot: StageBot,
    sandbox: DiscordSandbox,
    services: StageServices,
    *,
    seconds_ago: float = RESEND_SECONDS,
) -> tuple[Job, Message]:
    """Return a job whose result was posted some time ago, noted as the delivery loop does."""
    job = await ask(member, services)
    message = await closing_of(job, bot, sandbox, services)
    now = services.clock()
    await services.database.write(outbox.claim, "w", 60.0, now, 1)
    await services.database.write(
        outbox.done, job.id, "w", "channel", now - seconds_ago, channel_id=VIDEOS_ID, message_id=message.id
    )
    return job, message


async def listed(reader: Persona, **options: object) -> Message:
    return await (await reader.slash("/jobs", "videos", **options)).wait_message()


async def press(person: Persona, message: Message, label: str) -> str:
    return words(await (await person.press(message, button(message, label))).wait_message())


def has_button(message: Message, label: str) -> bool:
    return f"'label': '{label}'" in str(message.components)


async def test_a_result_that_is_still_there_has_a_link_and_is_not_posted_again(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services)
    page = await listed(mia)
    assert f"/{VIDEOS_ID}/{message.id}" in words(page)
    assert not has_button(page, "Post again")


async def test_a_member_who_deleted_a_result_has_it_posted_again_once(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services)
    assert await press(mia, message, "Delete") == "Deleted. `/jobs` can post it again."
    assert message.deleted_at is not None
    page = await listed(mia)
    assert " · deleted" in words(page)
    assert str(message.id) not in words(page)
    assert await press(mia, page, "Post again") == "I will post it again in its channel."
    assert await press(mia, page, "Post again") == "It is on its way."
    assert await services.database.read(outbox.next_due) is not None


async def test_a_result_is_not_posted_twice_within_ten_minutes(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services, seconds_ago=60)
    await press(mia, message, "Delete")
    assert "try again in ten minutes" in await press(mia, await listed(mia), "Post again")
    assert await services.database.read(outbox.next_due) is None


async def test_a_moderators_deletion_is_final(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services)
    await press(mia, message, "Delete")
    offered = await listed(mia)
    assert await press(ada, message_again(message), "Delete") == "Deleted. It cannot be posted again."
    assert "moderator deleted" in await press(mia, offered, "Post again")
    for page in (await listed(mia), await listed(ada, member=mia.id)):
        assert " · deleted" in words(page)
        assert not has_button(page, "Post again")
    assert await services.database.read(outbox.next_due) is None


def message_again(message: Message) -> Message:
    """Return the message as a moderator's client may still show it."""
    message.deleted_at = None
    return message


@pytest.mark.parametrize("who", ["mia", "ada"])
async def test_the_story_tells_who_deleted_a_result(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot, services: StageServices, who: str
) -> None:
    job, message = await delivered(mia, bot, sandbox, services)
    await press(sandbox.persona(who), message, "Delete")
    page = await listed(mia)
    story = words(await (await mia.select(page, "reel:details", job.id)).wait_message())
    by = "its member" if who == "mia" else f"a moderator · by <@{ada.id}>"
    assert f"the result was deleted by {by}" in story
    assert "its message was deleted" in story
