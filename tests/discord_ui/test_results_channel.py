"""Closing messages in a server's results channel, on the local Discord."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.jobs import JobState
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from sandbox.discord import DiscordSandbox, Permission
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, MIA_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from tests.discord_ui.test_delivery import CARD, CLOSING, JOB, posted, texts

IN_GENERAL = replace(CLOSING, results_channel_id=GENERAL_ID)


@pytest.fixture
def notifier(poster: discord.Client) -> DiscordNotifier:
    return DiscordNotifier(poster)


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
