"""Results that somebody deletes: who may have them posted again, and how often."""

import re

import pytest

from bot.domain.jobs import Job
from bot.services.job_views import RESEND_SECONDS, Resend
from bot.storage import job_erasing, outbox, upload_limits
from sandbox.discord import DiscordSandbox, Message, Persona, RestFault
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


async def listed(reader: Persona, *, channel: str = "videos", **options: object) -> Message:
    return await (await reader.slash("/jobs", channel, **options)).wait_message()


async def press(person: Persona, message: Message, label: str) -> str:
    """Press a button of a result, and return the words of the answer."""
    return words(await (await person.press(message, button(message, label))).wait_message())


async def in_list(sandbox: DiscordSandbox, person: Persona, page: Message, custom_id: str) -> str:
    """Press a button in a list, and return the words of the list that takes its place."""
    edits = page.edited_at
    await person.press(page, custom_id)
    await sandbox.wait_for(lambda: page.edited_at != edits)
    return words(page)


def post_again(page: Message) -> str:
    return button(page, "Post again")


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
    answer = await press(mia, message, "Delete")
    assert re.fullmatch(r"Deleted\. </jobs:\d+> can post it again\.", answer)
    assert message.deleted_at is not None
    page = await listed(mia)
    assert " · deleted" in words(page)
    assert str(message.id) not in words(page)
    again = post_again(page)
    shown = await in_list(sandbox, mia, page, again)
    assert "I will post it again in its channel." in shown
    assert "its message is on its way" in shown
    assert not has_button(page, "Post again")
    assert await services.database.read(outbox.next_due) is not None


async def test_a_result_is_not_posted_twice_within_ten_minutes(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services, seconds_ago=60)
    await press(mia, message, "Delete")
    page = await listed(mia)
    assert "try again in ten minutes" in await in_list(sandbox, mia, page, post_again(page))
    assert await services.database.read(outbox.next_due) is None


async def test_a_moderators_deletion_is_final(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services)
    await press(mia, message, "Delete")
    offered = await listed(mia)
    assert await press(ada, message_again(message), "Delete") == "Deleted. It cannot be posted again."
    shown = await in_list(sandbox, mia, offered, post_again(offered))
    assert "A moderator deleted this video. It cannot be posted again." in shown
    assert not has_button(offered, "Post again")
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
    assert "posted:" not in story


async def test_what_its_member_deleted_nobody_else_posts_again(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot, services: StageServices
) -> None:
    job, message = await delivered(mia, bot, sandbox, services)
    await press(mia, message, "Delete")
    page = await listed(ada, member=mia.id)
    assert " · deleted" in words(page)
    assert not has_button(page, "Post again")
    assert await services.jobs.resend(job.id, ada.id) is Resend.NOT_YOURS
    assert await services.jobs.resend(job.id, mia.id) is Resend.OWED


async def test_a_deletion_without_the_bots_button_is_found_when_somebody_looks_and_is_a_moderators(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    job, message = await delivered(mia, bot, sandbox, services)
    page = await listed(mia)
    assert str(message.id) in words(page)
    sandbox.controls.delete_message(VIDEOS_ID, message.id)
    shown = await in_list(sandbox, mia, page, button(page, "Refresh"))
    assert "deleted by a moderator" in shown
    assert str(message.id) not in shown
    assert not has_button(page, "Post again")
    assert await services.jobs.resend(job.id, mia.id) is Resend.REMOVED


async def test_a_result_whose_channel_is_gone_can_be_had_again(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    await delivered(mia, bot, sandbox, services)
    page = await listed(mia, channel="general")
    sandbox.controls.delete_channel(VIDEOS_ID)
    assert "its channel is gone" in await in_list(sandbox, mia, page, button(page, "Refresh"))
    assert "I will post it again" in await in_list(sandbox, mia, page, post_again(page))


async def test_where_discord_does_not_answer_a_result_counts_as_standing(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    _, message = await delivered(mia, bot, sandbox, services)
    sandbox.controls.add_fault(RestFault("GET", f"/channels/*/messages/{message.id}", times=99, status=403, code=50001))
    assert str(message.id) in words(await listed(mia))


async def test_the_limit_of_files_that_the_press_names_counts_for_what_is_posted_again(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    job, message = await delivered(mia, bot, sandbox, services)
    await press(mia, message, "Delete")
    assert await services.jobs.resend(job.id, mia.id, 123_456) is Resend.OWED
    limit = await services.database.read(upload_limits.of_guild, job.guild_id, services.clock())
    assert limit == 123_456


async def test_a_video_whose_job_is_not_kept_any_more_can_still_be_deleted_by_whom_it_is_for(
    mia: Persona, noah: Persona, bot: StageBot, sandbox: DiscordSandbox, services: StageServices
) -> None:
    job, message = await delivered(mia, bot, sandbox, services)
    await services.database.write(job_erasing.erase, [job.id], services.clock())
    assert "I do not know this job any more." in await press(mia, message, "Again")
    assert "Only the member who asked" in await press(noah, message, "Delete")
    assert message.deleted_at is None
    await mia.press(message, button(message, "Delete"))
    await sandbox.wait_for(lambda: message.deleted_at is not None)
