"""*Continue*: from somebody's video to a request that begins with its last frame."""

from collections.abc import AsyncIterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import discord
import pytest
from sqlalchemy import Connection

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import JobButton
from bot.domain.capabilities import Count
from bot.domain.guild_settings import GuildSetting, ReuseRight
from bot.domain.jobs import Job
from bot.engine.clips import ClipUnreachable
from bot.engine.notifier import Result
from bot.storage import age_restricted, job_erasing, job_files, postings
from bot.storage.database import Database
from bot.storage.guilds import lock_guild, set_rules
from sandbox.discord import DiscordSandbox, Message, Permission, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, NOAH_ID, OMAR_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from sandbox.discord.people.invocation import Invocation
from sandbox.discord.walk import walk
from tests.cogs.results import posted_video
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX, plain
from tests.support.clips import Clip, make, numbers_in
from tests.support.stage import StageBot, button, make_services, running, words

TEXT_ONLY = plain("dream", "Dream", "Dream")
CHEAP = plain("tiny", "Tiny", "Tiny", images=Count(0, 1))


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING, WAN_REMIX, TEXT_ONLY, CHEAP)) as bot:
        yield bot


@pytest.fixture
async def video(bot: StageBot, mia: Persona, sandbox: DiscordSandbox, tmp_path: Path) -> Message:
    """A video of Mia's whose last picture shows the number 23."""
    message = await posted_video(bot, mia, sandbox)
    lay_down(bot, (await latest(bot)).id, tmp_path)
    return message


def lay_down(bot: StageBot, job_id: str, folder: Path, count: int = 1) -> None:
    clips = {}
    for position in range(count):
        path = folder / f"{job_id}_{position}.mp4"
        clips[position] = make(path, Clip(frames=24, first_number=position * 24))
    bot.stage.clips.given[job_id] = clips


def ask_above(conn: Connection, threshold: int) -> None:
    set_rules(conn, FILM_CLUB_ID, replace(lock_guild(conn, FILM_CLUB_ID), confirm_above=threshold))


async def latest(bot: StageBot) -> Job:
    return (await bot.stage.all_jobs())[-1]


async def opened(member: Persona, message: Message) -> Message:
    """Press Continue, and return the preview."""
    pressed = await member.press(message, button(message, "Continue"))
    return await pressed.wait_message()


async def write(member: Persona, preview: Message, prompt: str) -> Invocation:
    """Open the dialog of a preview, and submit it."""
    asking = await member.press(preview, button(preview, "Write"))
    await asking.wait_modal()
    return await member.submit(asking, prompt=prompt)


def models_in(preview: Message) -> list[tuple[str, str]]:
    """Return the slug and the description of each model that is offered."""
    selects = [part for _, part in walk(preview.components) if "next-model" in str(part.get("custom_id"))]
    return [(option["value"], option["description"]) for part in selects for option in part["options"]]


def shown(message: Message) -> int:
    """Return the number on the picture that a message has."""
    [picture] = message.attachments
    return numbers_in(picture.path)[-1]


async def test_a_clip_is_continued_from_its_last_frame(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    parent = await latest(bot)
    preview = await opened(noah, video)
    assert preview.visible_to == NOAH_ID
    assert f"<@{MIA_ID}>" in words(preview)
    assert shown(preview) == 23
    sent = await write(noah, preview, "it begins to rain")
    card = await sent.wait_message()
    assert card.visible_to is None
    assert f"Continues a clip by <@{MIA_ID}>: https://discord.com/channels/{FILM_CLUB_ID}/{VIDEOS_ID}/" in words(card)
    assert shown(card) == 23
    job = await latest(bot)
    assert (job.parent_id, job.parent_position, job.member_id) == (parent.id, 0, NOAH_ID)
    assert job.payload["prompt"] == "it begins to rain"
    [file] = await bot.stage.database.read(job_files.of_job, job.id)
    assert job.payload["input_image_urls"] == [f"attachment://{file.filename}"]
    assert bot.stage.clips.fetched == 1, "the frame that was shown is the one that is taken"


async def test_the_model_of_the_clip_comes_first_with_prices_and_times(
    bot: StageBot, noah: Persona, video: Message
) -> None:
    offered = models_in(await opened(noah, video))
    assert [slug for slug, _ in offered] == [VEO_FAST.slug, CHEAP.slug, KLING.slug]
    assert all("credit" in description and " s" in description for _, description in offered)


async def test_another_model_is_chosen_and_begins_with_its_first_frame(
    bot: StageBot, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    preview = await opened(noah, video)
    [select] = [part for _, part in walk(preview.components) if "next-model" in str(part.get("custom_id"))]
    await noah.select(preview, select["custom_id"], KLING.slug)
    await sandbox.wait_for(lambda: f"**{KLING.name}**" in words(preview).splitlines()[-1])
    assert len(preview.attachments) == 1, "the picture stays"
    await (await write(noah, preview, "a train arrives")).wait_message()
    job = await latest(bot)
    assert job.model_slug == KLING.slug
    assert str(job.payload["start_frame_url"]).startswith("attachment://last-frame-")
    assert "aspect_ratio" not in job.payload
    assert job.payload["duration_seconds"] == min(KLING.durations, key=lambda each: abs(each - 8))


async def test_the_menu_of_a_message_does_the_same_also_for_a_copy(
    bot: StageBot, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    preview = await (await noah.message_menu("Continue video", video)).wait_message()
    assert models_in(preview)
    other = await noah.say("videos", "look")
    refused = await noah.message_menu("Continue video", other)
    assert "not a video of mine" in words(await refused.wait_message())


async def test_of_several_clips_one_is_chosen(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, tmp_path: Path
) -> None:
    results = tuple(Result(f"https://media.example/{number}.mp4") for number in range(2))
    message = await posted_video(bot, mia, sandbox, results=results)
    parent = await latest(bot)
    lay_down(bot, parent.id, tmp_path, count=2)
    preview = await opened(noah, message)
    assert shown(preview) == 23
    [select] = [part for _, part in walk(preview.components) if "next-clip" in str(part.get("custom_id"))]
    assert [option["label"] for option in select["options"]] == ["Video 1 of 2", "Video 2 of 2"]
    await noah.select(preview, select["custom_id"], "1")
    await sandbox.wait_for(lambda: shown(preview) == 47)
    await (await write(noah, preview, "on")).wait_message()
    job = await latest(bot)
    assert (job.parent_id, job.parent_position) == (parent.id, 1)


async def test_again_and_edit_of_a_continuation_take_the_frame_anew(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    parent = await latest(bot)
    await (await write(noah, await opened(noah, video), "on")).wait_message()
    message = await posted_video(bot, noah, sandbox, job=await latest(bot))
    assert f"-# Continues a clip by <@{MIA_ID}>: https://" in words(message)
    again = await mia.press(message, button(message, "Again"))
    card = await again.wait_message()
    assert shown(card) == 23
    edited = await mia.press(message, button(message, "Edit"))
    await edited.wait_modal()
    await (await mia.submit(edited, prompt="and off")).wait_message()
    jobs = (await bot.stage.all_jobs())[-2:]
    assert [(job.parent_id, job.payload["prompt"]) for job in jobs] == [(parent.id, "on"), (parent.id, "and off")]
    await bot.stage.database.write(postings.note_deleted, parent.id, ADA_ID, 0.0)
    refused = await noah.press(message, button(message, "Again"))
    assert "was deleted" in words(await refused.wait_message())
    assert len(await bot.stage.all_jobs()) == 4


async def test_details_show_the_line_of_descent(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    for prompt in ("left", "right"):
        await (await write(noah, await opened(noah, video), prompt)).wait_message()
    left, right = (await bot.stage.all_jobs())[-2:]
    message = await posted_video(bot, noah, sandbox, job=left)
    lay_down(bot, left.id, Path(next(iter(next(iter(bot.stage.clips.given.values())).values()))).parent)
    sent = await write(noah, await opened(noah, message), "far left")
    card = await sent.wait_message()
    told = words(await (await noah.press(card, button(card, "Details"))).wait_message())
    assert f"continues: Veo 3.1 Fast by <@{NOAH_ID}>: https://" in told
    assert f"which continues: Veo 3.1 Fast by <@{MIA_ID}>: https://" in told
    first = (await bot.stage.all_jobs())[0]
    story = await bot.stage.jobs.story(first.id)
    assert story is not None
    assert [child.job_id for child in story.lineage.children] == [left.id, right.id]
    assert story.lineage.children_count == 2


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("deleted", "was deleted"),
        ("age restricted", "age-restricted"),
        ("unreachable", "try again in a minute"),
        ("lost", "is gone"),
        ("damaged", "damaged"),
        ("no tool", "extra `video`"),
        ("no model", "begins with a picture"),
        ("blocked", "blocked you"),
        ("another channel", "not made in any channel"),
        ("the requester's", "Only the member who asked"),
        ("no right", "You need"),
        ("the bot has no right", "I need"),
        ("erased", "do not know this job"),
    ],
)
async def test_what_speaks_against_it_is_told_privately_and_costs_nothing(
    bot: StageBot, noah: Persona, sandbox: DiscordSandbox, video: Message, monkeypatch: pytest.MonkeyPatch,
    problem: str, said: str, tmp_path: Path,
) -> None:  # fmt: skip
    stage, job = bot.stage, await latest(bot)
    write_ = stage.database.write
    match problem:
        case "deleted":
            await write_(postings.note_deleted, job.id, ADA_ID, 0.0)
        case "age restricted":
            await write_(age_restricted.mark, job.model_slug, OMAR_ID, 0.0)
        case "unreachable":
            stage.clips.trouble = ClipUnreachable()
        case "lost":
            stage.clips.given.clear()
        case "damaged":
            broken = tmp_path / "broken.mp4"
            broken.write_bytes(b"\0\0\0\x18ftypmp42" + b"x" * 500)
            stage.clips.given[job.id] = {0: broken}
        case "no tool":
            monkeypatch.setattr("bot.media.last_frames.tool_available", lambda: False)
        case "no model":
            await stage.catalogue.change(TEXT_ONLY)
        case "blocked":
            await stage.moderation.block(FILM_CLUB_ID, NOAH_ID, ADA_ID, "", None)
        case "another channel":
            await stage.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_CHANNELS, [1])
        case "the requester's":
            await stage.guild_settings.change(
                FILM_CLUB_ID, ADA_ID, GuildSetting.AGAIN_AND_EDIT, ReuseRight.REQUESTER.value
            )
        case "no right" | "the bot has no right":
            who = noah.id if problem == "no right" else sandbox.world.application_id
            overwrite = Overwrite(who, is_member=True, deny=int(Permission.SEND_MESSAGES))
            sandbox.world.channels[VIDEOS_ID].overwrites[who] = overwrite
        case "erased":
            await write_(job_erasing.erase, [job.id], 0.0)
    answer = await opened(noah, video)
    assert answer.visible_to == NOAH_ID
    assert said in words(answer)
    assert len(await stage.all_jobs()) == 1


async def test_what_happened_between_preview_and_dialog_counts(
    bot: StageBot, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    parent = await latest(bot)
    preview = await opened(noah, video)
    asking = await noah.press(preview, button(preview, "Write"))
    await asking.wait_modal()
    await bot.stage.database.write(postings.note_deleted, parent.id, ADA_ID, 0.0)
    sent = await noah.submit(asking, prompt="on")
    assert "was deleted" in words(await sent.wait_message())
    await bot.stage.database.write(postings.clear_deleted, parent.id, 0.0)
    await bot.stage.catalogue.change(replace(VEO_FAST, images=Count(0, 0)), CHEAP)
    asking = await noah.submit(asking, prompt="on")
    assert "cannot continue this video any more" in words(await asking.wait_message())
    assert len(await bot.stage.all_jobs()) == 1


async def test_a_price_above_the_servers_threshold_is_asked_about_first(
    bot: StageBot, noah: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    await bot.stage.database.write(ask_above, 50)
    sent = await write(noah, await opened(noah, video), "on")
    question = await sent.wait_message()
    assert "costs **100 of your" in words(question)
    assert len(await bot.stage.all_jobs()) == 1
    pressed = await noah.press(question, button(question, "Generate"))
    card = await pressed.wait_message()
    assert shown(card) == 23, "the question kept the frame"
    assert (await latest(bot)).parent_id is not None


async def test_who_has_no_credits_left_is_refused(bot: StageBot, noah: Persona, ada: Persona, video: Message) -> None:
    preview = await opened(noah, video)
    none = await ada.slash("/quota set member", "videos", member=noah.user, period="month", amount="0")
    await none.wait_message()
    refused = await (await write(noah, preview, "on")).wait_message()
    assert refused.visible_to == NOAH_ID
    assert "Nothing was charged." in words(refused)
    assert len(await bot.stage.all_jobs()) == 1


async def test_in_a_direct_message_the_way_to_the_server_is_told(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox, video: Message
) -> None:
    job = await latest(bot)
    user = await bot.fetch_user(MIA_ID)
    view = discord.ui.View()
    view.add_item(JobButton(JobAction.CONTINUE, job.id))
    sent = await user.send("your video", view=view)
    message = sandbox.world.channels[sent.channel.id].messages[sent.id]
    told = words(await (await mia.press(message, button(message, "Continue"))).wait_message())
    assert "continued in servers only" in told
    assert "/jobs" in told


async def test_a_clip_of_a_tenth_of_a_second_is_continued(
    bot: StageBot, noah: Persona, video: Message, tmp_path: Path
) -> None:
    job = await latest(bot)
    bot.stage.clips.given[job.id] = {0: make(tmp_path / "short.mp4", Clip(frames=2, rate=Fraction(20), first_number=8))}
    assert shown(await opened(noah, video)) == 9
