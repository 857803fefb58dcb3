"""Closing messages in a server's results channel, on the local Discord."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import DeliveryLater
from sandbox.discord import DiscordSandbox, Permission, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, MIA_ID, VIDEOS_ID
from sandbox.discord.model import Channel, ChannelType, Overwrite
from tests.discord_ui.test_delivery import CARD, CLOSING, JOB, posted, texts
from tests.support.default_settings import default_settings

FORUM_ID = 1301 * 10**15 + 9
IN_GENERAL = replace(CLOSING, results_channel_id=GENERAL_ID)
IN_FORUM = replace(CLOSING, results_channel_id=FORUM_ID)


@pytest.fixture
def notifier(poster: discord.Client, mentions: CommandMentions) -> DiscordNotifier:
    return DiscordNotifier(poster, mentions, default_settings)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0" * 1000)
    return path


def deny(sandbox: DiscordSandbox, channel_id: int, *permissions: Permission) -> None:
    bot = sandbox.world.bot.id
    denied = Overwrite(bot, is_member=True, deny=sum(map(int, permissions)))
    sandbox.world.channels[channel_id].overwrites[bot] = denied


async def test_the_video_is_posted_in_the_results_channel_and_a_link_stays_where_it_was_asked_for(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    card = await notifier.show_status(CARD)
    closing = replace(IN_GENERAL, results=(replace(CLOSING.results[0], path=clip),), status_message_id=card)
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    assert (done.channel_id, done.how, done.results_channel_lost) == (GENERAL_ID, "results", False)
    [message] = posted(sandbox, GENERAL_ID)
    assert message.attachments
    assert sandbox.record.messages(GENERAL_ID)[-1].mentions == [MIA_ID]
    ended = replace(CARD, state=JobState.SUCCEEDED, message_id=card, moved_to=(GENERAL_ID, done.message_id))
    await notifier.remove_card(ended)
    [line] = posted(sandbox)
    assert f"https://discord.com/channels/{FILM_CLUB_ID}/{GENERAL_ID}/{done.message_id}" in texts(line)
    assert "reel:" not in texts(line)
    assert "fox" not in texts(line)


async def test_a_second_attempt_gives_back_the_first_message_and_the_search_finds_it(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    first = await notifier.post_closing(IN_GENERAL, UPLOAD_BYTES_DEFAULT)
    assert (await notifier.post_closing(IN_GENERAL, UPLOAD_BYTES_DEFAULT)).message_id == first.message_id
    assert await notifier.find_posted(GENERAL_ID, JOB, CLOSING.owed_at) == (GENERAL_ID, first.message_id)
    assert await notifier.find_posted(VIDEOS_ID, JOB, CLOSING.owed_at) is None


@pytest.mark.parametrize(
    "lost", ["deleted", Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES]
)
async def test_where_the_results_channel_is_lost_the_video_goes_where_it_was_asked_for(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path, lost: str | Permission
) -> None:
    if isinstance(lost, Permission):
        deny(sandbox, GENERAL_ID, lost)
    else:
        del sandbox.world.channels[GENERAL_ID]
    closing = replace(IN_GENERAL, results=(replace(CLOSING.results[0], path=clip),))
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    assert (done.channel_id, done.how, done.results_channel_lost) == (VIDEOS_ID, "channel", True)
    [message] = posted(sandbox)
    assert message.attachments
    assert f"Posted here because I cannot post in <#{GENERAL_ID}>." in message.content


@pytest.fixture
def forum(sandbox: DiscordSandbox) -> Channel:
    """A forum with one tag, in which the bot may make tags and delete posts."""
    forum = Channel(FORUM_ID, ChannelType.FORUM, "showcase", FILM_CLUB_ID, position=9)
    forum.tags = [{"id": "7001", "name": "veo 3.1 fast", "moderated": False, "emoji_id": None, "emoji_name": None}]
    sandbox.world.channels[FORUM_ID] = forum
    allow(sandbox, Permission.MANAGE_CHANNELS, Permission.MANAGE_THREADS)
    return forum


def allow(sandbox: DiscordSandbox, *permissions: Permission) -> None:
    bot = sandbox.world.bot.id
    allowed = Overwrite(bot, is_member=True, allow=sum(map(int, permissions)))
    sandbox.world.channels[FORUM_ID].overwrites[bot] = allowed


def posts(sandbox: DiscordSandbox) -> list[Channel]:
    return [channel for channel in sandbox.world.channels.values() if channel.parent_id == FORUM_ID]


async def test_each_video_is_a_post_in_a_forum_tagged_with_model_and_ratio(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel, clip: Path
) -> None:
    closing = replace(IN_FORUM, results=(replace(CLOSING.results[0], path=clip),))
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    [post] = posts(sandbox)
    assert (done.channel_id, done.message_id, done.how) == (post.id, post.id, "results")
    assert post.name == "A *fox*"
    names = {tag["id"]: tag["name"] for tag in forum.tags}
    # The tag that was there is used, whatever its case; the one that was missing is made.
    assert [names[str(tag_id)] for tag_id in post.applied_tags] == ["veo 3.1 fast", "16:9"]
    [message] = post.messages.values()
    assert message.attachments
    assert f"reel:again:{JOB}" in str(message.components)


async def test_a_post_is_found_before_another_attempt(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    assert await notifier.find_posted(FORUM_ID, JOB, CLOSING.owed_at) is None
    await notifier.post_closing(replace(IN_FORUM, job_id="ba9876543210"), UPLOAD_BYTES_DEFAULT)
    done = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    assert await notifier.find_posted(FORUM_ID, JOB, CLOSING.owed_at) == (done.channel_id, done.message_id)
    sandbox.world.channels[done.channel_id].archived = True  # as an hour later
    assert await notifier.find_posted(FORUM_ID, JOB, CLOSING.owed_at) == (done.channel_id, done.message_id)


async def test_a_post_whose_answer_was_lost_and_that_was_made_again_stays_one(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    sandbox.controls.add_fault(RestFault("POST", f"/channels/{FORUM_ID}/threads", cut=True))
    with pytest.raises(DeliveryLater):
        await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    [post] = posts(sandbox)
    assert await notifier.find_posted(FORUM_ID, JOB, CLOSING.owed_at) == (post.id, post.id)
    # As where discord.py repeats the call by itself after a 502.
    done = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    assert [one.id for one in posts(sandbox)] == [post.id] == [done.message_id]


async def test_a_second_post_goes_also_where_the_bot_may_not_delete_posts(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    forum.overwrites.clear()
    first = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    again = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    assert again.message_id == first.message_id
    assert [len(posted(sandbox, post.id)) for post in posts(sandbox)] == [1, 0]


async def test_a_post_is_not_lost_where_the_forum_cannot_be_searched(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    sandbox.controls.add_fault(RestFault("GET", "/guilds/*/threads/active", status=403, code=50001))
    done = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    assert (done.how, done.results_channel_lost) == ("results", False)
    assert posted(sandbox) == []


async def test_without_the_right_to_make_tags_a_post_has_those_that_there_are(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    forum.overwrites.clear()
    for number in range(2):
        await notifier.post_closing(replace(IN_FORUM, job_id=f"ba987654321{number}"), UPLOAD_BYTES_DEFAULT)
    assert [post.applied_tags for post in posts(sandbox)] == [[7001], [7001]]
    refused = [one for one in sandbox.record.requests if one.method == "PATCH" and one.status == 403]
    assert len(refused) == 1, "the bot does not try again for each video"


async def test_a_forum_that_requires_a_tag_gets_one(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    forum.overwrites.clear()
    forum.requires_tag = True
    forum.tags[0]["name"] = "something else"
    done = await notifier.post_closing(IN_FORUM, UPLOAD_BYTES_DEFAULT)
    assert done.how == "results"
    forum.tags.clear()
    done = await notifier.post_closing(replace(IN_FORUM, job_id="ba9876543210"), UPLOAD_BYTES_DEFAULT)
    assert (done.channel_id, done.results_channel_lost) == (VIDEOS_ID, True)


async def test_a_request_without_words_is_a_post_named_after_its_model(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, forum: Channel
) -> None:
    request = GenerationRequest("veo31_fast", {"prompt": "  "})
    await notifier.post_closing(replace(IN_FORUM, request=request), UPLOAD_BYTES_DEFAULT)
    [post] = posts(sandbox)
    assert post.name == CLOSING.model_name
