"""Whether a channel is age-restricted is asked of Discord, and a video for such channels is shown nowhere else."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, DeliveryLater, Result
from sandbox.discord import DiscordSandbox, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, MIA_ID, VIDEOS_ID
from tests.support.default_settings import default_settings
from tests.support.stage import words

ADDRESS = "https://media.example/clip.mp4"


@pytest.fixture
def notifier(poster: discord.Client, mentions: CommandMentions) -> DiscordNotifier:
    return DiscordNotifier(poster, mentions, default_settings)


@pytest.fixture
def closing(tmp_path: Path) -> Closing:
    """A video that may be shown in #videos only."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0" * 1000)
    return Closing(
        job_id="0123456789ab",
        guild_id=FILM_CLUB_ID,
        channel_id=VIDEOS_ID,
        member_id=MIA_ID,
        model_name="Veo 3.1 Fast",
        request=GenerationRequest("veo31_fast", {"prompt": "a fox"}),
        state=JobState.SUCCEEDED,
        held=100,
        price_certain=True,
        charged=100,
        reason=None,
        results=(Result(ADDRESS, clip),),
        status_message_id=None,
        owed_at=0.0,
        shown_in=frozenset({VIDEOS_ID}),
    )


async def test_discord_says_whether_a_channel_or_the_one_of_a_thread_is_age_restricted(
    sandbox: DiscordSandbox, poster: discord.Client, notifier: DiscordNotifier
) -> None:
    channel = await poster.fetch_channel(VIDEOS_ID)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    assert not await notifier.is_age_restricted(VIDEOS_ID)
    assert not await notifier.is_age_restricted(thread.id)
    sandbox.controls.set_age_restricted(VIDEOS_ID, True)
    assert await notifier.is_age_restricted(VIDEOS_ID)
    assert await notifier.is_age_restricted(thread.id)
    assert not await notifier.is_age_restricted(12345), "nobody can tell"
    sandbox.controls.add_fault(RestFault("GET", "/channels/*", status=503, times=10))
    with pytest.raises(DeliveryLater):
        await notifier.is_age_restricted(VIDEOS_ID)


async def test_it_is_shown_in_its_channel(sandbox: DiscordSandbox, notifier: DiscordNotifier, closing: Closing) -> None:
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    message = sandbox.world.channels[VIDEOS_ID].messages[done.message_id]
    assert len(message.attachments) == 1


async def test_a_direct_message_in_its_place_shows_neither_the_video_nor_its_link(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, closing: Closing
) -> None:
    sandbox.controls.delete_channel(VIDEOS_ID)
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    assert done.how == "dm"
    message = sandbox.world.channels[done.channel_id].messages[done.message_id]
    assert message.attachments == []
    assert ADDRESS not in words(message)
    assert "was made, but cannot be shown" in words(message)
    assert "age-restricted channels only" in words(message)


async def test_a_channel_that_is_none_does_not_show_it(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, closing: Closing
) -> None:
    elsewhere = replace(closing, channel_id=GENERAL_ID)
    done = await notifier.post_closing(elsewhere, UPLOAD_BYTES_DEFAULT)
    message = sandbox.world.channels[GENERAL_ID].messages[done.message_id]
    assert message.attachments == []
    assert ADDRESS not in words(message)
    assert "age-restricted channels only" in words(message)


async def test_a_results_channel_that_is_lost_hands_no_video_to_an_ordinary_channel(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, closing: Closing
) -> None:
    elsewhere = replace(closing, channel_id=GENERAL_ID, results_channel_id=VIDEOS_ID)
    sandbox.controls.delete_channel(VIDEOS_ID)
    done = await notifier.post_closing(elsewhere, UPLOAD_BYTES_DEFAULT)
    assert done.how == "channel"
    message = sandbox.world.channels[GENERAL_ID].messages[done.message_id]
    assert message.attachments == []
    assert ADDRESS not in words(message)
