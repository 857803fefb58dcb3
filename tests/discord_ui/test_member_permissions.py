"""Buttons, dialogs and menus require of the member what a command requires, since Discord does not."""

import copy

import pytest

from sandbox.discord import DiscordSandbox, LocalFile, Permission, Persona
from sandbox.discord.default_world import NOAH_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from sandbox.discord.walk import walk
from tests.discord_ui.catalogues import VEO_FAST
from tests.discord_ui.test_results import FOX, ask, closing_of
from tests.support.stage import StageBot, StageServices, button, words

PICTURE = LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
CASES = [
    (Permission.SEND_MESSAGES, "Send Messages"),
    (Permission.USE_APPLICATION_COMMANDS, "Use Application Commands"),
]


def deny(sandbox: DiscordSandbox, permission: Permission) -> None:
    overwrite = Overwrite(NOAH_ID, is_member=True, deny=int(permission))
    sandbox.world.channels[VIDEOS_ID].overwrites[NOAH_ID] = overwrite


def allow(sandbox: DiscordSandbox, permission: Permission) -> None:
    overwrite = Overwrite(NOAH_ID, is_member=True, allow=int(permission))
    sandbox.world.channels[VIDEOS_ID].overwrites[NOAH_ID] = overwrite


@pytest.mark.parametrize(("permission", "name"), CASES)
@pytest.mark.parametrize("label", ["Again", "Edit prompt"])
async def test_a_button_requires_what_the_command_requires(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices,
    permission: Permission, name: str, label: str,
) -> None:  # fmt: skip
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    deny(sandbox, permission)
    pressed = await noah.press(message, button(message, label))
    assert f"You need the permission **{name}** here" in words(await pressed.wait_message())
    assert len(await services.all_jobs()) == 1


@pytest.mark.parametrize(("permission", "name"), CASES)
async def test_a_dialog_that_was_open_before_requires_it_too(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices,
    permission: Permission, name: str,
) -> None:  # fmt: skip
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    pressed = await noah.press(message, button(message, "Edit prompt"))
    await pressed.wait_modal()
    deny(sandbox, permission)
    sent = await noah.submit(pressed, prompt="BUY GOLD")
    assert f"You need the permission **{name}** here" in words(await sent.wait_message())
    assert len(await services.all_jobs()) == 1


@pytest.mark.parametrize("label", ["Again", "Edit prompt"])
async def test_repeating_a_request_with_files_requires_leave_to_attach(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices, label: str
) -> None:
    deny(sandbox, Permission.ATTACH_FILES)
    plain = await closing_of(await ask(mia, services), bot, sandbox, services)
    again = await noah.press(plain, button(plain, "Again"))
    assert "held" in words(await again.wait_message())
    message = await closing_of(await ask(mia, services, image=PICTURE), bot, sandbox, services)
    pressed = await noah.press(message, button(message, label))
    assert "You need the permission **Attach Files** here" in words(await pressed.wait_message())


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    ],
)
async def test_the_menu_requires_of_the_member_what_it_does_for_them(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, services: StageServices, permission: Permission, name: str
) -> None:
    message = await mia.say("videos", "look", files=[PICTURE])
    opened = await noah.message_menu("Animate this image", message)
    await opened.wait_modal()
    deny(sandbox, permission)
    refused = await noah.message_menu("Animate this image", message)
    assert f"**{name}**" in words(await refused.wait_message())
    sent = await noah.submit(opened, model0=VEO_FAST.slug, prompt="it runs")
    assert f"**{name}**" in words(await sent.wait_message())
    assert await services.all_jobs() == []


async def test_the_prompt_of_another_servers_job_is_not_shown(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    lobby = next(channel for channel in sandbox.world.channels.values() if channel.name == "lobby")
    forged = copy.copy(message)
    forged.channel_id = lobby.id
    lobby.messages[forged.id] = forged
    pressed = await sandbox.persona("zoe").press(forged, button(forged, "Edit prompt"))
    answer = words(await pressed.wait_message())
    assert "do not know this job" in answer
    assert FOX not in answer


async def test_presses_have_a_cooldown(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices
) -> None:
    page = await (await mia.slash("/jobs", "videos")).wait_message()
    assert "Nothing here yet" in words(page)
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    answers = []
    for _ in range(12):
        pressed = await noah.press(message, button(message, "Delete"))
        answers.append(words(await pressed.wait_message()))
    assert ["Please wait" in answer for answer in answers] == [False] * 10 + [True] * 2
    assert "held" in words(await (await noah.slash("/veo fast", "videos", prompt=FOX)).wait_message())
    other = await mia.press(message, button(message, "Delete"))
    assert "Deleted" in words(await other.wait_message())


@pytest.mark.parametrize("whose", [{"everyone": True}, {"member": "mia"}])
async def test_moderating_one_channel_does_not_show_the_prompts_of_all(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, services: StageServices, whose: dict[str, object]
) -> None:
    allow(sandbox, Permission.MANAGE_MESSAGES)
    await (await mia.slash("/veo fast", "general", prompt="a secret")).wait_message()
    listed = words(await (await noah.slash("/jobs", "videos", **whose)).wait_message())
    assert "You need the permission **Manage Server** here" in listed
    assert "secret" not in listed


async def test_moderating_one_channel_is_no_right_over_the_jobs_of_another(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices
) -> None:
    allow(sandbox, Permission.MANAGE_MESSAGES)
    await (await mia.slash("/veo fast", "general", prompt="a secret")).wait_message()
    in_videos = await ask(mia, services)
    [in_general] = [job for job in await services.all_jobs() if job.id != in_videos.id]
    await ask(noah, services)
    page = await (await noah.slash("/jobs", "videos")).wait_message()
    for job, may in ((in_videos, True), (in_general, False)):
        tampered = copy.deepcopy(page)
        [select] = [part for _, part in walk(tampered.components) if part.get("custom_id") == "reel:details"]
        select["options"][0]["value"] = job.id
        sandbox.world.channels[page.channel_id].messages[page.id] = tampered
        story = words(await (await noah.select(tampered, "reel:details", job.id)).wait_message())
        assert (job.prompt in story) is may
        assert ("Only the member" in story) is not may
