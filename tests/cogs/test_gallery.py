"""`/gallery`: who sees what, what people like, and who keeps out."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.domain.gallery import GalleryKind, model_key
from bot.engine.notifier import Result
from bot.storage import age_restricted, gallery
from bot.storage.tables.gallery import gallery_entries_table
from sandbox.discord import DiscordSandbox, Message, Permission, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, OMAR_ID
from sandbox.discord.walk import ComponentType, walk
from tests.cogs.results import posted_video
from tests.discord_ui.catalogues import VEO_FAST
from tests.sandbox.discord.clients import CLIP
from tests.support.stage import StageBot, button, words


@pytest.fixture
def clip(tmp_path: Path) -> tuple[Result, ...]:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CLIP)
    return (Result("https://media.example/clip.mp4", path),)


async def shown(bot: StageBot, reader: Persona, channel: str = "general") -> Message:
    """What the reader's gallery shows once everything posted was looked at."""
    await look(bot)
    return await (await reader.slash("/gallery", channel)).wait_message()


async def look(bot: StageBot) -> None:
    """Have the worker look at everything that is due by now."""
    for _ in range(20):
        await bot.likes.step()
        due_at = await bot.stage.database.read(gallery.next_due)
        if due_at is None or due_at > bot.stage.context.clock():
            return
    raise AssertionError("it does not come to an end")


async def likes_of(bot: StageBot, message: Message) -> int:
    [entry] = [
        one
        for job in await bot.stage.all_jobs()
        if (one := await bot.stage.database.read(gallery.find, GalleryKind.VIDEO, job.id)) is not None
        and one.message_id == message.id
    ]
    return entry.likes


async def reacts(bot: StageBot, person: Persona, message: Message, *emojis: str) -> None:
    """React, and have the likes counted as soon as the bot has heard of it."""
    for emoji in emojis:
        await person.react(message, emoji)
    await counted_anew(bot, message)


async def counted_anew(bot: StageBot, message: Message) -> None:
    await bot.stage.context.wake_events.reactions.wait()
    bot.stage.context.wake_events.reactions.clear()
    await bot.stage.gallery.note_reactions()
    await bot.stage.database.write(gallery.make_due, [message.id], bot.services.clock())
    await look(bot)


def links(message: Message) -> list[int]:
    """The ids of the linked messages, in their order."""
    return [int(word.rpartition("/")[2]) for word in words(message).split() if word.startswith("https://discord.com/")]


def media(message: Message) -> list[dict[str, Any]]:
    galleries = [c for _, c in walk(message.components) if c["type"] == ComponentType.MEDIA_GALLERY]
    return [item for one in galleries for item in one["items"]]


async def changed(sandbox: DiscordSandbox, message: Message, use: Any) -> Message:
    """Use a control of the gallery, and wait until it is drawn anew."""
    edits = sandbox.record.facts[message.id].edits
    await use
    await sandbox.wait_for(lambda: sandbox.record.facts[message.id].edits != edits)
    return message


def custom_id(message: Message, mark: str) -> str:
    [found] = [str(c["custom_id"]) for _, c in walk(message.components) if mark in str(c.get("custom_id", ""))]
    return found


async def test_the_newest_videos_are_shown_with_fresh_addresses_and_links(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, clip: tuple[Result, ...]
) -> None:
    first = await posted_video(bot, mia, sandbox, results=clip)
    second = await posted_video(bot, noah, sandbox, prompt="an owl", results=clip)
    sandbox.controls.advance_clock(2 * 86_400)
    page = await shown(bot, mia)
    assert page.visible_to == mia.id
    assert links(page) == [second.id, first.id]
    assert "> an owl" in words(page)
    addresses = [item["media"]["url"] for item in media(page)]
    assert len(addresses) == 2
    assert [item["description"] for item in media(page)] == ["Number 1: an owl", "Number 2: a fox in the snow"]
    assert f"/{second.attachments[0].id}/" in addresses[0]
    issued = int(addresses[0].partition("is=")[2].partition("&")[0], 16)
    assert issued > sandbox.clock.now() - 60, "signed by Discord just now"


async def test_nobody_sees_what_was_posted_where_they_cannot_read(
    bot: StageBot, mia: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    sandbox.controls.set_permission("staff", Permission.VIEW_CHANNEL, True)
    sandbox.controls.set_permission("staff", Permission.SEND_MESSAGES, True)
    hidden = await posted_video(bot, ada, sandbox, channel="staff", prompt="a secret")
    open_to_all = await posted_video(bot, mia, sandbox)
    assert links(await shown(bot, mia)) == [open_to_all.id]
    assert links(await shown(bot, ada)) == [open_to_all.id, hidden.id]
    sandbox.controls.set_permission("videos", Permission.READ_MESSAGE_HISTORY, False, user=mia.user)
    assert links(await shown(bot, mia)) == []


async def test_what_was_posted_in_a_thread_is_seen_by_those_who_read_its_channel(
    bot: StageBot, mia: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    said = await mia.say("general", "a thread about foxes")
    channel = bot.get_channel(said.channel_id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.get_partial_message(said.id).create_thread(name="foxes")
    message = await posted_video(bot, mia, sandbox, channel=str(thread.id))
    assert links(await shown(bot, ada)) == [message.id]
    sandbox.controls.set_permission("general", Permission.READ_MESSAGE_HISTORY, False, user=ada.user)
    assert links(await shown(bot, ada, "videos")) == []


async def test_age_restricted_results_are_shown_in_age_restricted_channels_only(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    restricted = await posted_video(bot, mia, sandbox, channel="videos")
    open_to_all = await posted_video(bot, mia, sandbox, channel="general")
    sandbox.controls.set_age_restricted("videos", True)
    assert links(await shown(bot, mia, "general")) == [open_to_all.id]
    assert links(await shown(bot, mia, "videos")) == [open_to_all.id, restricted.id]
    await bot.stage.database.write(age_restricted.mark, VEO_FAST.slug, OMAR_ID, 1.0)
    page = await shown(bot, mia, "general")
    assert links(page) == []
    assert VEO_FAST.name not in str(page.components), "not even in the list of models"
    assert links(await shown(bot, mia, "videos")) == [open_to_all.id, restricted.id]


async def test_a_like_is_a_person_whatever_they_reacted_with(
    bot: StageBot, mia: Persona, noah: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    message = await posted_video(bot, mia, sandbox)
    await look(bot)
    await reacts(bot, noah, message, "❤️", "🔥", "👎")
    assert await likes_of(bot, message) == 1, "one person, however many emojis"
    await reacts(bot, ada, message, "👎")
    assert await likes_of(bot, message) == 1, "that is no like"
    await reacts(bot, mia, message, "❤️")
    assert await likes_of(bot, message) == 1, "whoever made it does not count"
    await reacts(bot, ada, message, "🎬")
    assert await likes_of(bot, message) == 2
    sandbox.core.reactions.add(message, sandbox.world.bot, "❤️")
    await counted_anew(bot, message)
    assert await likes_of(bot, message) == 2, "no bot counts"
    await noah.unreact(message, "❤️")
    await noah.unreact(message, "🔥")
    await counted_anew(bot, message)
    assert await likes_of(bot, message) == 1
    sandbox.core.reactions.clear(message)
    await counted_anew(bot, message)
    assert await likes_of(bot, message) == 0


async def test_more_people_than_can_be_listed_are_what_discord_counts(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.posting.likes.LISTED_MAX", 3)
    message = await posted_video(bot, mia, sandbox)
    message.reactions["🎬"] = [sandbox.world.bot.id, *range(2001, 2008)]
    message.reactions["❤️"] = list(range(2001, 2003))
    await look(bot)
    assert await likes_of(bot, message) == 7


async def test_what_was_missed_while_offline_is_counted_when_somebody_looks(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.gallery.STALE_SECONDS", 0.0)
    message = await posted_video(bot, mia, sandbox)
    await look(bot)
    message.reactions["❤️"] = [noah.id]
    assert await likes_of(bot, message) == 0
    await (await mia.slash("/gallery", "general")).wait_message()
    await look(bot)
    assert await likes_of(bot, message) == 1


async def test_the_most_liked_come_first_and_filters_hold_while_turning(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    posted = [await posted_video(bot, mia, sandbox, prompt=f"number {number}") for number in range(7)]
    other = await posted_video(bot, noah, sandbox, prompt="noah's")
    await look(bot)
    await reacts(bot, noah, posted[2], "❤️")
    page = await shown(bot, mia)
    assert links(page) == [other.id, *(one.id for one in reversed(posted[2:]))]
    await changed(sandbox, page, mia.press(page, button(page, "Next")))
    assert links(page) == [posted[1].id, posted[0].id]
    await changed(sandbox, page, mia.select(page, custom_id(page, ":by-order:"), "week"))
    assert links(page) == [posted[2].id]
    assert "❤️ 1" in words(page)
    await changed(sandbox, page, mia.select(page, custom_id(page, ":by-order:"), "new"))
    await changed(sandbox, page, mia.select(page, custom_id(page, ":by-member:"), "noah"))
    assert links(page) == [other.id]
    await changed(sandbox, page, mia.select(page, custom_id(page, ":by-member:")))
    await changed(sandbox, page, mia.select(page, custom_id(page, ":by-model:"), model_key(VEO_FAST.slug)))
    assert len(links(page)) == 6
    await changed(sandbox, page, mia.press(page, button(page, "Next")))
    assert links(page) == [posted[1].id, posted[0].id]


async def test_what_moderators_deleted_is_found_to_be_gone_and_not_shown_again(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    gone, stands = [await posted_video(bot, mia, sandbox) for _ in range(2)]
    await look(bot)
    sandbox.controls.delete_message("videos", gone.id)
    page = await (await mia.slash("/gallery", "general")).wait_message()
    assert links(page) == [stands.id]
    listed = await (await mia.slash("/jobs", "general")).wait_message()
    assert "deleted by a moderator" in words(listed)


async def test_a_member_keeps_out_and_comes_back(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    mine, other = await posted_video(bot, mia, sandbox), await posted_video(bot, noah, sandbox)
    page = await shown(bot, mia)
    assert links(page) == [other.id, mine.id]
    await changed(sandbox, page, mia.press(page, button(page, "Keep my videos out")))
    assert links(page) == [other.id]
    assert "are kept out of the gallery" in words(page)
    assert links(await shown(bot, noah)) == [other.id]
    await changed(sandbox, page, mia.press(page, button(page, "Show my videos again")))
    assert links(page) == [other.id, mine.id]


async def test_a_page_of_before_a_restart_goes_on_working(bot: StageBot, mia: Persona, sandbox: DiscordSandbox) -> None:
    posted = [await posted_video(bot, mia, sandbox, prompt=f"number {number}") for number in range(7)]
    page = await shown(bot, mia)
    # discord.py keeps no view of it: the press is answered by what the custom id says.
    bot._connection._view_store._views.clear()
    await changed(sandbox, page, mia.press(page, button(page, "Next")))
    assert links(page) == [posted[0].id]


@pytest.mark.parametrize(("days_ago", "again"), [(0, True), (31, False)])
async def test_what_the_bot_may_not_see_any_more_is_looked_at_once_a_day_and_not_for_ever(
    days_ago: int, again: bool, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    message = await posted_video(bot, mia, sandbox)
    posted_at = bot.services.clock() - days_ago * 86_400
    dated = gallery_entries_table.update().values(posted_at=posted_at)
    await bot.stage.database.write(lambda conn: conn.execute(dated))
    sandbox.controls.set_permission("videos", Permission.VIEW_CHANNEL, False)
    await look(bot)
    due_at = await bot.stage.database.read(gallery.next_due)
    assert (due_at is not None) is again
    if due_at is not None:
        assert due_at > bot.services.clock() + 80_000
    sandbox.controls.set_permission("videos", Permission.VIEW_CHANNEL, None)
    await reacts(bot, sandbox.persona("noah"), message, "❤️")
    assert await likes_of(bot, message) == 1


async def test_another_server_has_another_gallery(bot: StageBot, mia: Persona, sandbox: DiscordSandbox) -> None:
    await posted_video(bot, mia, sandbox)
    await look(bot)
    zoe = sandbox.persona("zoe")
    assert "Nothing here yet." in words(await (await zoe.slash("/gallery", "lobby")).wait_message())
    assert await bot.stage.database.read(gallery.models, FILM_CLUB_ID) == [VEO_FAST.slug]
