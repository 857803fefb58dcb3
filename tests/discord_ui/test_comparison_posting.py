"""The message of a comparison on the local Discord: where it is posted, what it shows there, and how it is revealed."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.comparisons import DiscordComparisonNotifier
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.comparison_notifier import ComparedClip, ComparisonClosing
from bot.engine.notifier import Result
from sandbox.discord import DiscordSandbox, Message, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, MIA_ID, VIDEOS_ID
from sandbox.discord.model import Channel, ChannelType
from sandbox.discord.walk import ComponentType, walk
from tests.discord_ui.test_delivery import posted
from tests.support.default_settings import default_settings
from tests.support.stage import words

FORUM_ID = 1301 * 10**15 + 9
URL = "https://media.example/clip.mp4"
NAMES = ("Veo 3.1 Fast", "Kling 3.0")


@pytest.fixture
def notifier(poster: discord.Client, mentions: CommandMentions) -> DiscordComparisonNotifier:
    return DiscordComparisonNotifier(poster, mentions, default_settings)


@pytest.fixture
def closing(tmp_path: Path) -> ComparisonClosing:
    request = GenerationRequest("m", {"prompt": "a fox"})
    clips = []
    for number, name in enumerate(NAMES):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(b"\0" * 1000)
        job_id = f"ba987654321{number}"
        results = (Result(URL, path=path),)
        clip = ComparedClip(job_id, name, "AB"[number], request, JobState.SUCCEEDED, 10, 10, None, results=results)
        clips.append(clip)
    return ComparisonClosing(
        "ba9876543219", FILM_CLUB_ID, VIDEOS_ID, MIA_ID, tuple(clips), 0, None, 0.0, voting_ends_at=2.0e9
    )


def shown_files(message: Message) -> int:
    return sum(
        len(part["items"]) for _, part in walk(message.components) if part["type"] == ComponentType.MEDIA_GALLERY
    )


async def test_it_mentions_its_member_and_shows_clips_without_names(
    sandbox: DiscordSandbox, notifier: DiscordComparisonNotifier, closing: ComparisonClosing
) -> None:
    done = await notifier.post(closing, UPLOAD_BYTES_DEFAULT)
    [message] = posted(sandbox)
    assert (done.how, done.message_id) == ("channel", message.id)
    assert sandbox.record.messages(VIDEOS_ID)[-1].mentions == [MIA_ID]
    assert shown_files(message) == 2
    assert not any(name in str(message.components) for name in NAMES)
    again = await notifier.post(closing, UPLOAD_BYTES_DEFAULT)
    assert again.message_id == done.message_id, "the nonce gives back the first one"
    assert await notifier.find_posted(VIDEOS_ID, closing.comparison_id, 0.0) == (VIDEOS_ID, message.id)


async def test_where_the_channel_is_gone_its_member_gets_it_with_names_and_nothing_to_vote_on(
    sandbox: DiscordSandbox, notifier: DiscordComparisonNotifier, closing: ComparisonClosing
) -> None:
    lost = replace(closing, channel_id=4711, results_channel_id=4712)
    done = await notifier.post(lost, UPLOAD_BYTES_DEFAULT)
    assert (done.how, done.results_channel_lost) == ("dm", True)
    message = sandbox.world.channels[done.channel_id].messages[done.message_id]
    assert all(name in words(message) for name in NAMES)
    assert ":vote:" not in str(message.components)
    assert shown_files(message) == 2
    assert (await notifier.post(lost, UPLOAD_BYTES_DEFAULT)).message_id == done.message_id


@pytest.mark.parametrize("kind", [ChannelType.TEXT, ChannelType.FORUM])
async def test_in_the_results_channel_it_is_posted_once_and_revealed_also_in_a_post_that_is_archived(
    sandbox: DiscordSandbox, notifier: DiscordComparisonNotifier, closing: ComparisonClosing, kind: ChannelType
) -> None:
    channel_id = GENERAL_ID
    if kind is ChannelType.FORUM:
        channel_id = FORUM_ID
        sandbox.world.channels[FORUM_ID] = Channel(FORUM_ID, kind, "showcase", FILM_CLUB_ID, position=9)
    done = await notifier.post(replace(closing, results_channel_id=channel_id), UPLOAD_BYTES_DEFAULT)
    place = sandbox.world.channels[done.channel_id]
    message = place.messages[done.message_id]
    assert done.how == "results"
    assert channel_id in (place.id, place.parent_id)
    found = await notifier.find_posted(channel_id, closing.comparison_id, 0.0)
    assert found == (done.channel_id, done.message_id)
    if kind is ChannelType.FORUM:
        place.archived = True
        sandbox.controls.add_fault(RestFault("PATCH", "/channels/*/messages/*", status=400, code=50083, times=1))
    ended = tuple(replace(clip, results=(Result(URL),), votes=2, won=clip.letter == "A") for clip in closing.clips)
    end = replace(closing, clips=ended, names_shown=True, voting_ends_at=None)
    await notifier.reveal(end, done.channel_id, done.message_id)
    assert all(name in words(message) for name in NAMES)
    assert "🏆 won" in words(message)
    assert shown_files(message) == 2
    assert URL not in words(message)
    assert not place.archived


async def test_a_message_that_is_gone_is_not_revealed(
    notifier: DiscordComparisonNotifier, closing: ComparisonClosing
) -> None:
    await notifier.reveal(closing, VIDEOS_ID, 4711)


async def test_too_large_files_are_linked_and_the_other_is_shown(
    sandbox: DiscordSandbox, notifier: DiscordComparisonNotifier, closing: ComparisonClosing
) -> None:
    large = closing.clips[0].results[0].path
    assert large is not None
    large.write_bytes(b"\0" * 5000)
    await notifier.post(closing, 2000)
    [message] = posted(sandbox)
    assert shown_files(message) == 1
    assert "Clip A:" in words(message)
    assert URL in words(message)
