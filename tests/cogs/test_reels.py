"""`/reel` and *Add to reel* as members use them."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
from sqlalchemy import Connection

from bot.discord_ui.views.escaping import escape
from bot.domain.moderation import IncidentKind
from bot.domain.reel_refusals import ReelRefused
from bot.domain.reel_rules import PARTS_MAX, REELS_OF_MEMBER_MAX
from bot.domain.reels import ReelClip
from bot.storage import incidents, job_erasing, postings, reel_parts, reels
from bot.storage.database import Database
from bot.workers.reel_panels import DuePanels
from sandbox.discord import DiscordSandbox, LocalFile, Message, Permission, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, VIDEOS_ID
from sandbox.discord.walk import walk
from tests.cogs.conversation import told
from tests.cogs.reel_desk import Desk, add, control, new_reel
from tests.cogs.results import posted_video
from tests.cogs.test_age_restriction import restrict
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, becomes, button, make_services, running, words

SOUND = LocalFile("sea.mp3", b"ID3" + b"\0" * 200)


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


@pytest.fixture
async def desk(sandbox: DiscordSandbox, bot: StageBot, mia: Persona) -> Desk:
    return await Desk.of_new_reel(sandbox, bot, mia)


def job_of(video: Message) -> str:
    return button(video, "Add to reel").rpartition(":")[2]


async def test_a_video_goes_into_the_one_reel_and_out_again(desk: Desk, noah: Persona) -> None:
    assert "Nothing is in this reel yet" in words(desk.panel)
    video = await posted_video(desk.bot, noah, desk.sandbox)
    answer = await add(noah, video)
    assert "Added to **The lighthouse** as number 1." in words(answer)
    await desk.shows("a fox in the snow", "1 clip")
    [clip] = await desk.parts()
    assert isinstance(clip, ReelClip)
    assert (clip.maker_id, clip.added_by) == (noah.id, noah.id)
    assert "in the reel already" in words(await add(noah, video))
    await noah.press(answer, button(answer, "Undo"))
    await desk.sandbox.wait_for(lambda: "Taken out again" in words(answer))
    assert await desk.parts() == []
    await desk.shows("Nothing is in this reel yet")


async def test_nobody_takes_back_what_somebody_else_has_added(desk: Desk, mia: Persona, noah: Persona) -> None:
    await desk.fill(noah, "a fox")
    reel, [part] = await desk.reel(), await desk.parts()
    with pytest.raises(ReelRefused):
        await desk.bot.services.reels.take_back(FILM_CLUB_ID, reel.id, part.id, mia.id)
    assert await desk.order() == ["a fox"]


async def test_without_a_reel_the_button_asks_for_the_title_of_one(
    sandbox: DiscordSandbox, bot: StageBot, mia: Persona
) -> None:
    video = await posted_video(bot, mia, sandbox)
    asked = await mia.press(video, button(video, "Add to reel"))
    await asked.wait_modal()
    panel = await (await mia.submit(asked, title="Foxes")).wait_message()
    assert panel.visible_to is None
    assert "🎞️ Foxes" in words(panel)
    assert await Desk(sandbox, bot, panel).order() == ["a fox in the snow"]


async def test_with_several_reels_the_button_asks_which(desk: Desk, mia: Persona) -> None:
    await new_reel(mia, "Second")
    video = await posted_video(desk.bot, mia, desk.sandbox)
    question = await add(mia, video)
    select = control(question, "add")
    [component] = [c for _, c in walk(question.components) if c.get("custom_id") == select]
    assert [option["label"] for option in component["options"]] == ["Second", "The lighthouse", "A new reel…"]
    await mia.select(question, select, component["options"][1]["value"])
    await desk.sandbox.wait_for(lambda: "Added to **The lighthouse**" in words(question))
    await desk.shows("a fox in the snow")


async def test_the_menu_of_a_message_adds_its_video_and_refuses_what_is_none(desk: Desk, mia: Persona) -> None:
    video = await posted_video(desk.bot, mia, desk.sandbox)
    answer = await (await mia.message_menu("Add to reel", video)).wait_message()
    assert "Added to **The lighthouse**" in words(answer)
    for message in (await mia.say("videos", "hello"), desk.panel):
        refused = await (await mia.message_menu("Add to reel", message)).wait_message()
        assert "only finished videos" in words(refused)
    assert len(await desk.parts()) == 1


@pytest.mark.parametrize("named", ["id", "link"])
async def test_a_command_adds_a_video_by_its_id_or_link(desk: Desk, mia: Persona, named: str) -> None:
    video = await posted_video(desk.bot, mia, desk.sandbox)
    link = f"https://discord.com/channels/{FILM_CLUB_ID}/{video.channel_id}/{video.id}"
    said = await told(mia, "/reel add", reel="the lighthouse", video=job_of(video) if named == "id" else link)
    assert "Added to **The lighthouse** as number 1." in said


async def test_a_video_that_a_member_does_not_see_is_not_added(desk: Desk, noah: Persona, ada: Persona) -> None:
    desk.sandbox.controls.set_permission("general", Permission.VIEW_CHANNEL, False, user=noah.user)

    async def heard() -> bool:
        return bool(getattr(desk.bot.get_channel(GENERAL_ID), "overwrites", {}))

    await becomes(heard)
    video = await posted_video(desk.bot, ada, desk.sandbox, channel="general")
    link = f"https://discord.com/channels/{FILM_CLUB_ID}/{video.channel_id}/{video.id}"
    for typed in (job_of(video), link, "0123456789ab", "nonsense"):
        answer = await (await noah.slash("/reel add", "videos", reel="The lighthouse", video=typed)).wait_message()
        assert "only finished videos" in words(answer)
    assert await desk.parts() == []
    assert "as number 1" in await told(ada, "/reel add", reel="The lighthouse", video=link)


async def test_reels_and_videos_are_offered_while_somebody_types(desk: Desk, mia: Persona, noah: Persona) -> None:
    await new_reel(mia, "Foxes")
    mine = await posted_video(desk.bot, mia, desk.sandbox, channel="general", prompt="my owl")
    await posted_video(desk.bot, noah, desk.sandbox, prompt="his hare")
    choices = await mia.autocomplete("/reel show", "videos", focused="reel", reel="LIGHT")
    assert [choice["name"] for choice in choices] == ["The lighthouse"]
    for person, channel, offered in (
        (mia, "videos", ["his hare", "my owl"]),
        (noah, "videos", ["his hare"]),
    ):
        found = await person.autocomplete("/reel add", channel, focused="video", reel="Foxes", video="")
        assert [choice["name"] for choice in found] == [f"{prompt} · Veo 3.1 Fast" for prompt in offered]
    [choice] = await mia.autocomplete("/reel add", "general", focused="video", reel="Foxes", video="owl")
    assert choice["value"] == job_of(mine)


async def test_a_deleted_or_erased_video_is_not_added(desk: Desk, mia: Persona) -> None:
    deleted = await posted_video(desk.bot, mia, desk.sandbox)
    erased = await posted_video(desk.bot, mia, desk.sandbox, prompt="a hare")
    database, now = desk.bot.services.database, desk.bot.services.clock()
    await database.write(postings.note_deleted, job_of(deleted), mia.id, now)
    await database.write(job_erasing.erase, [job_of(erased)], now)
    assert "was deleted" in words(await add(mia, deleted))
    refused = await (await mia.press(erased, button(erased, "Add to reel"))).wait_message()
    assert refused.visible_to == mia.id
    assert await desk.parts() == []


async def test_a_deleted_video_is_marked_on_the_panel(desk: Desk, mia: Persona) -> None:
    video, _ = await desk.fill(mia, "a fox", "a hare")
    await mia.press(video, button(video, "Delete"))
    await desk.sandbox.wait_for(lambda: video.deleted_at is not None)
    await DuePanels(desk.bot.stage.context, desk.bot.reel_panels).step()
    await desk.shows("1 video is gone and will not be in the film", "its video is gone")


async def test_showing_a_reel_moves_its_panel_to_the_end_of_a_channel(desk: Desk, noah: Persona) -> None:
    panel = await (await noah.slash("/reel show", "general", reel="The lighthouse")).wait_message()
    assert panel.visible_to is None
    await desk.sandbox.wait_for(lambda: desk.panel.deleted_at is not None)
    desk.panel = panel
    await desk.fill(noah, "a hare")


async def test_the_same_interaction_delivered_twice_is_one_reel(desk: Desk) -> None:
    [event] = [one for one in desk.sandbox.record.events if one.name == "INTERACTION_CREATE"]
    before = asyncio.all_tasks()
    desk.bot._connection.parse_interaction_create(event.data)
    await asyncio.gather(*(asyncio.all_tasks() - before))
    assert await desk.bot.services.database.read(reels.count, FILM_CLUB_ID) == 1


async def test_markup_and_mentions_in_a_title_are_shown_as_they_were_typed(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    title = "**bold** @everyone <@&1> [x](http://y.example) 狐 🦊 `/video`"
    panel = await new_reel(mia, title)
    shown = words(panel)
    assert "狐 🦊" in shown
    assert escape(title) in shown
    [posted] = [message for message in mia.read_payloads("videos") if int(message["id"]) == panel.id]
    assert (posted["mentions"], posted["mention_everyone"], posted["mention_roles"]) == ([], False, [])


async def test_words_that_a_list_stops_make_no_reel_and_moderators_are_told(
    bot: StageBot, mia: Persona, ada: Persona
) -> None:
    await bot.services.word_lists.add(FILM_CLUB_ID, ada.id, "zaphod")
    refused = await (await mia.slash("/reel new", "videos", title="Z a p h o d")).wait_message()
    assert "These words are not allowed here" in words(refused)
    assert refused.visible_to == mia.id
    assert await bot.services.database.read(reels.count, FILM_CLUB_ID) == 0
    [incident] = await bot.services.database.read(incidents.newest, FILM_CLUB_ID, 5)
    assert (incident.kind, incident.data["text"]) == (IncidentKind.GUARD, "Z a p h o d")
    await bot.incidents.step()


async def test_a_reel_has_room_for_a_number_of_parts_and_a_member_for_a_number_of_reels(
    desk: Desk, mia: Persona
) -> None:
    reel, database = await desk.reel(), desk.bot.services.database

    def fill(conn: Connection) -> None:
        for number in range(PARTS_MAX):
            reel_parts.add_title(conn, reel.id, f"Act {number}", 3.0, mia.id, 0.0)

    await database.write(fill)
    video = await posted_video(desk.bot, mia, desk.sandbox)
    assert f"holds at most {PARTS_MAX} clips" in words(await add(mia, video))
    panel = await (await mia.slash("/reel show", "videos", reel="The lighthouse")).wait_message()
    assert button(panel, "Next (1 of 29)")
    await mia.press(panel, button(panel, "Next (1 of 29)"))
    await desk.sandbox.wait_for(lambda: "Act 13" in words(panel))
    for number in range(REELS_OF_MEMBER_MAX - 1):
        await database.write(reels.add, FILM_CLUB_ID, VIDEOS_ID, mia.id, f"reel {number}", 0.0)
    refused = await (await mia.slash("/reel new", "videos", title="one more")).wait_message()
    assert f"You have {REELS_OF_MEMBER_MAX} reels here" in words(refused)


async def test_a_video_for_age_restricted_channels_is_added_only_there(desk: Desk, mia: Persona, omar: Persona) -> None:
    video = await posted_video(desk.bot, mia, desk.sandbox)
    await told(omar, "/owner age_restricted", model="Veo 3.1 Fast")
    assert "for age-restricted channels" in words(await add(mia, video))
    await restrict(desk.sandbox, desk.bot, VIDEOS_ID)
    assert "Added to" in words(await add(mia, video))


async def test_reels_live_in_threads_too(bot: StageBot, sandbox: DiscordSandbox, mia: Persona) -> None:
    channel = bot.get_channel(VIDEOS_ID)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    video = await posted_video(bot, mia, sandbox, channel=str(thread.id))
    asked = await mia.message_menu("Add to reel", video)
    await asked.wait_modal()
    panel = await (await mia.submit(asked, title="In a thread")).wait_message()
    assert panel.channel_id == thread.id
    desk = Desk(sandbox, bot, panel)
    await desk.known()
    card = await desk.options(mia)
    await card.press("No credits")
    await desk.shows("without credits")


async def test_a_sound_is_mixed_in_behind_a_reel(desk: Desk, mia: Persona, noah: Persona) -> None:
    await desk.fill(mia, "a fox")
    said = await told(mia, "/reel add", reel="The lighthouse", sound=SOUND)
    assert "mixed in behind" in said
    await desk.shows("🎵 sea.mp3")
    reel = await desk.reel()
    assert await desk.bot.services.database.read(reels.sound_content, reel.id) == SOUND.data
    fake = LocalFile("sea.mp3", b"These are words.")
    assert "cannot mix this file in as a sound" in await told(mia, "/reel add", reel="The lighthouse", sound=fake)
    large = LocalFile("sea.mp3", b"ID3" + b"\0" * (8 * 1024 * 1024))
    assert "at most 8" in await told(mia, "/reel add", reel="The lighthouse", sound=large)
    assert "Only <@" in await told(noah, "/reel add", reel="The lighthouse", sound=SOUND)
    assert "Name a video, attach a sound" in await told(mia, "/reel add", reel="The lighthouse")
    card = await desk.options(mia)
    await card.press("Take the background sound away")
    assert await desk.bot.services.database.read(reels.sound_content, reel.id) is None


async def test_a_reel_of_another_server_is_unknown(desk: Desk, sandbox: DiscordSandbox) -> None:
    zoe = sandbox.persona("zoe")
    reel = await desk.reel()
    said = words(await (await zoe.slash("/reel show", "lobby", reel=str(reel.id))).wait_message())
    assert "There is no such reel here" in said
    assert "There are no reels here yet" in words(await (await zoe.slash("/reel list", "lobby")).wait_message())


async def test_the_list_links_the_panels(desk: Desk, mia: Persona) -> None:
    listed = await told(mia, "/reel list")
    assert "**The lighthouse** · 0 parts" in listed
    assert f"/{desk.panel.channel_id}/{desk.panel.id}" in listed
