import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.posting.input_files import DiscordInputFiles
from bot.discord_ui.views.closing_message import closing_text
from bot.domain.attachments import CardFile
from bot.domain.forecast import Forecast
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, DeliveryImpossible, DeliveryLater, Result, StatusCard, UploadTooLarge
from sandbox.discord import DiscordSandbox, Message, Permission, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from tests.support.default_settings import default_settings

JOB = "0123456789ab"
MESSAGES = f"/channels/{VIDEOS_ID}/messages"

CARD = StatusCard(
    job_id=JOB,
    guild_id=FILM_CLUB_ID,
    channel_id=VIDEOS_ID,
    member_id=MIA_ID,
    model_name="Veo 3.1 Fast",
    prompt="A *fox* for @everyone <@1150000000000000002>",
    state=JobState.QUEUED,
    message_id=None,
    credits=100,
    price_certain=True,
    forecast=Forecast(3, 1_800_000_000.0, 1_800_000_090.0),
    reason=None,
)
CLOSING = Closing(
    job_id=JOB,
    guild_id=FILM_CLUB_ID,
    channel_id=VIDEOS_ID,
    member_id=MIA_ID,
    model_name="Veo 3.1 Fast",
    request=GenerationRequest("veo31_fast", {"prompt": "A *fox*", "aspect_ratio": "16:9", "duration": 8}),
    state=JobState.SUCCEEDED,
    held=100,
    price_certain=True,
    charged=100,
    reason=None,
    results=(Result("https://media.example/clip.mp4"),),
    status_message_id=None,
    owed_at=0.0,
    copy=1,
)


@pytest.fixture
def notifier(poster: discord.Client, mentions: CommandMentions) -> DiscordNotifier:
    return DiscordNotifier(poster, mentions, default_settings)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0" * 1000)
    return path


def posted(sandbox: DiscordSandbox, channel: int = VIDEOS_ID) -> list[Message]:
    return [m for m in sandbox.world.channels[channel].messages.values() if m.deleted_at is None]


def deny(sandbox: DiscordSandbox, *permissions: Permission) -> None:
    bot = sandbox.world.bot.id
    sandbox.world.channels[VIDEOS_ID].overwrites[bot] = Overwrite(bot, is_member=True, deny=sum(map(int, permissions)))


def dm_of(sandbox: DiscordSandbox) -> list[Message]:
    channels = [c for c in sandbox.world.channels.values() if c.recipients and c.recipients[0].id == MIA_ID]
    return posted(sandbox, channels[0].id) if channels else []


def assert_linked(sandbox: DiscordSandbox) -> None:
    """The result is named in the message instead of being attached to it."""
    [message] = posted(sandbox)
    assert message.attachments == []
    assert "https://media.example/clip.mp4" in message.content


def with_file(path: Path, **changes: Any) -> Closing:
    """Return the closing message, whose result was fetched to `path`."""
    return replace(CLOSING, results=(replace(CLOSING.results[0], path=path),), **changes)


def texts(message: Message) -> str:
    return str(message.components) if message.is_v2 else message.content


async def test_the_card_is_posted_once_then_edited(sandbox: DiscordSandbox, notifier: DiscordNotifier) -> None:
    first = await notifier.show_status(CARD)
    again = await notifier.show_status(CARD)  # as after a crash between posting and noting the id
    edited = await notifier.show_status(replace(CARD, state=JobState.RUNNING, message_id=first))
    assert first == again == edited
    [message] = posted(sandbox)
    assert "Rendering" in texts(message)
    assert "Cancel" not in texts(message)


async def test_a_queued_card_shows_place_estimate_price_and_a_harmless_prompt(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    await notifier.show_status(CARD)
    shown = texts(posted(sandbox)[0])
    assert "place 3" in shown
    assert "<t:1800000000:R>" in shown
    assert "100 credits held" in shown
    assert f"reel:cancel:{JOB}" in shown
    assert "@everyone" not in shown
    assert sandbox.record.messages(VIDEOS_ID)[0].mentions == []


async def test_a_card_that_was_deleted_or_has_no_place_is_not_posted_again(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    assert await notifier.show_status(replace(CARD, message_id=1)) is None
    deny(sandbox, Permission.SEND_MESSAGES)
    assert await notifier.show_status(CARD) is None
    assert posted(sandbox) == []


async def test_the_video_is_a_message_of_its_own_that_mentions_only_the_member(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    card = await notifier.show_status(CARD)
    done = await notifier.post_closing(with_file(clip, status_message_id=card), UPLOAD_BYTES_DEFAULT)
    assert done.how == "channel"
    message = posted(sandbox)[-1]
    assert message.id == done.message_id
    assert [attachment.filename for attachment in message.attachments] == [f"video-{JOB}.mp4"]
    assert "16:9 · 8 s · 100 credits" in message.content
    assert "https://" not in message.content
    fact = sandbox.record.messages(VIDEOS_ID)[-1]
    assert fact.mentions == [MIA_ID]
    assert fact.reply_to is None


async def test_a_second_close_after_a_crash_posts_nothing_new(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    first = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    second = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert first.message_id == second.message_id
    assert await notifier.find_posted(VIDEOS_ID, JOB, CLOSING.owed_at) == (VIDEOS_ID, first.message_id)
    assert len(posted(sandbox)) == 1


async def test_the_search_tells_the_closing_message_from_the_card_and_from_other_jobs(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    await notifier.show_status(CARD)
    await notifier.post_closing(with_file(clip, job_id="ba9876543210"), UPLOAD_BYTES_DEFAULT)
    assert await notifier.find_posted(VIDEOS_ID, JOB, CLOSING.owed_at) is None
    deny(sandbox, Permission.READ_MESSAGE_HISTORY)
    assert await notifier.find_posted(VIDEOS_ID, "ba9876543210", CLOSING.owed_at) is None


async def test_the_card_is_deleted_once_the_closing_message_stands(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    card = replace(CARD, state=JobState.SUCCEEDED, message_id=await notifier.show_status(CARD))
    await notifier.remove_card(card)
    assert posted(sandbox) == []
    await notifier.remove_card(card)  # as after a crash between deletion and note


async def test_a_card_that_cannot_be_deleted_becomes_one_line_without_buttons(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    card = replace(CARD, state=JobState.SUCCEEDED, message_id=await notifier.show_status(CARD))
    sandbox.controls.add_fault(RestFault("DELETE", f"{MESSAGES}/*", status=403, code=50013))
    await notifier.remove_card(card)
    [message] = posted(sandbox)
    assert "custom_id" not in texts(message)
    assert "Done" in texts(message)
    assert "fox" not in texts(message)


async def test_a_card_is_turned_into_the_closing_message_of_a_request_without_a_video(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    card = await notifier.show_status(CARD)
    closing = replace(CLOSING, state=JobState.CANCELLED, charged=0, results=(), status_message_id=card)
    turned = await notifier.turn_card(closing)
    assert turned is not None
    assert (turned.how, turned.message_id) == ("card", card)
    [message] = posted(sandbox)
    assert "cancelled" in texts(message)
    assert sandbox.record.messages(VIDEOS_ID)[-1].mentions == []
    assert await notifier.find_posted(VIDEOS_ID, JOB, CLOSING.owed_at) == (VIDEOS_ID, card)
    assert await notifier.turn_card(replace(closing, status_message_id=4242)) is None


async def test_a_card_of_which_nobody_knows_is_found(sandbox: DiscordSandbox, notifier: DiscordNotifier) -> None:
    assert await notifier.find_card(CARD, 0.0) is None
    card = await notifier.show_status(CARD)
    assert await notifier.find_card(CARD, 0.0) == card


async def test_a_file_over_the_limit_becomes_a_link(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    await notifier.post_closing(with_file(clip), 999)
    assert_linked(sandbox)


async def test_a_file_that_discord_finds_too_large_is_told_with_its_size(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    sandbox.world.guilds[FILM_CLUB_ID].upload_limit_bytes = 500
    with pytest.raises(UploadTooLarge) as refused:
        await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert refused.value.size_bytes == 1000
    assert posted(sandbox) == []


async def test_a_file_too_large_for_a_direct_message_is_linked_there(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    del sandbox.world.channels[VIDEOS_ID]
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", status=404, code=10003))
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", status=413, code=40005))
    done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert done.how == "dm"
    [message] = dm_of(sandbox)
    assert message.attachments == []
    assert "https://media.example/clip.mp4" in message.content


async def test_of_two_files_only_the_one_that_is_too_large_is_linked(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path, tmp_path: Path
) -> None:
    small = tmp_path / "small.mp4"
    small.write_bytes(b"\0" * 100)
    results = (Result("https://media.example/large.mp4", clip), Result("https://media.example/small.mp4", small))
    await notifier.post_closing(replace(CLOSING, results=results), 500)
    [message] = posted(sandbox)
    assert len(message.attachments) == 1
    assert "large.mp4" in message.content
    assert "small.mp4" not in message.content


async def test_without_the_permission_to_attach_files_the_channel_gets_a_link(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    deny(sandbox, Permission.ATTACH_FILES)
    done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert done.how == "channel"
    assert_linked(sandbox)


@pytest.mark.parametrize("lost", ["permission", "channel"])
async def test_where_the_channel_is_lost_the_member_gets_the_video_directly(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path, lost: str
) -> None:
    if lost == "permission":
        deny(sandbox, Permission.SEND_MESSAGES)
    else:
        del sandbox.world.channels[VIDEOS_ID]
    done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert done.how == "dm"
    [message] = dm_of(sandbox)
    assert message.id == done.message_id
    assert len(message.attachments) == 1


async def test_the_member_is_not_written_to_twice(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    del sandbox.world.channels[VIDEOS_ID]
    first = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    sandbox.clock.advance(3600)  # the nonce is long forgotten
    assert await notifier.find_posted(VIDEOS_ID, JOB, CLOSING.owed_at) is None
    second = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert second.message_id == first.message_id
    assert len(dm_of(sandbox)) == 1


async def test_a_long_rate_limit_means_later_and_says_when(
    sandbox: DiscordSandbox, mentions: CommandMentions, clip: Path
) -> None:
    async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30) as client:
        await client.login(sandbox.token)
        fault = RestFault("POST", MESSAGES, status=429, retry_after_seconds=120)
        sandbox.controls.add_fault(fault)
        with pytest.raises(DeliveryLater) as later:
            await DiscordNotifier(client, mentions, default_settings).post_closing(
                with_file(clip), UPLOAD_BYTES_DEFAULT
            )
    assert later.value.retry_after == 120


async def test_renders_that_failed_beside_others_are_mentioned(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    await notifier.post_closing(with_file(clip, reason="one was blocked"), UPLOAD_BYTES_DEFAULT)
    assert "Not everything that was asked for is here: one was blocked" in posted(sandbox)[0].content


async def test_where_the_member_takes_no_messages_either_it_is_impossible(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    del sandbox.world.channels[VIDEOS_ID]
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", times=2, status=403, code=50007))
    # The first of the faults meets the lost channel, so that both attempts are refused by name.
    with pytest.raises(DeliveryImpossible, match="50007"):
        await notifier.post_closing(replace(CLOSING, results=()), UPLOAD_BYTES_DEFAULT)


async def test_an_outage_of_discord_means_later(sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path) -> None:
    sandbox.controls.add_fault(RestFault("POST", MESSAGES, times=1, status=503))
    with pytest.raises(DeliveryLater):
        await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    sandbox.controls.add_fault(RestFault("POST", MESSAGES, times=1, status=503))
    with pytest.raises(DeliveryLater):
        await notifier.show_status(CARD)
    assert posted(sandbox) == []


async def test_a_lost_answer_does_not_post_twice(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    sandbox.controls.add_fault(RestFault("POST", MESSAGES, times=1, cut=True))
    try:
        done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    except DeliveryLater:
        done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    assert [message.id for message in posted(sandbox)] == [done.message_id]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("too dark", "too dark."), ("too dark!", "too dark!"), ("暗すぎます。", "暗すぎます。"), ("暗い", "暗い")],
)
def test_a_reason_ends_as_its_script_does(reason: str, shown: str) -> None:
    text = closing_text(replace(CLOSING, state=JobState.FAILED, reason=reason), ())
    assert text.splitlines()[0].endswith(f"could not be made: {shown}")


async def test_a_failure_says_why_and_what_was_released(sandbox: DiscordSandbox, notifier: DiscordNotifier) -> None:
    failed = replace(
        CLOSING, state=JobState.FAILED, charged=0, reason="the prompt was *refused* by @everyone", results=()
    )
    await notifier.post_closing(failed, UPLOAD_BYTES_DEFAULT)
    [message] = posted(sandbox)
    assert "could not be made: the prompt was \\*refused\\*" in message.content
    assert "@everyone" not in message.content
    assert "100 credits released" in message.content
    assert "Try again" in str(message.components)


async def test_a_failure_that_cost_something_says_so(sandbox: DiscordSandbox, notifier: DiscordNotifier) -> None:
    failed = replace(CLOSING, state=JobState.FAILED, charged=40, reason="no", results=())
    await notifier.post_closing(failed, UPLOAD_BYTES_DEFAULT)
    assert "The provider kept 40 credits. A moderator of this server can refund that" in posted(sandbox)[0].content


async def test_many_deliveries_at_once_do_not_mix(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, clip: Path
) -> None:
    jobs = [f"{n:012}" for n in range(5)]
    results: list[Any] = await asyncio.gather(
        *(notifier.post_closing(with_file(clip, job_id=job), UPLOAD_BYTES_DEFAULT) for job in jobs)
    )
    assert len({done.message_id for done in results}) == 5
    for job, done in zip(jobs, results, strict=True):
        assert await notifier.find_posted(VIDEOS_ID, job, CLOSING.owed_at) == (VIDEOS_ID, done.message_id)


async def test_a_closing_message_is_found_behind_everything_that_was_written_since(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, poster: discord.Client, clip: Path
) -> None:
    owed_at = sandbox.clock.now()
    done = await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    channel = poster.get_partial_messageable(VIDEOS_ID)
    for number in range(120):
        await channel.send(f"chatter {number}")
    sandbox.clock.advance(3600)  # the nonce is long forgotten
    assert await notifier.find_posted(VIDEOS_ID, JOB, owed_at) == (VIDEOS_ID, done.message_id)
    assert await notifier.find_posted(VIDEOS_ID, "ba9876543210", owed_at) is None


async def test_the_search_ends_where_the_message_cannot_have_been_posted(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, poster: discord.Client, clip: Path
) -> None:
    await notifier.post_closing(with_file(clip), UPLOAD_BYTES_DEFAULT)
    sandbox.clock.advance(3600)
    owed_at = sandbox.clock.now()
    channel = poster.get_partial_messageable(VIDEOS_ID)
    for number in range(3):
        await channel.send(f"chatter {number}")
    assert await notifier.find_posted(VIDEOS_ID, JOB, owed_at) is None


async def test_a_card_with_files_that_was_deleted_is_posted_anew(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, poster: discord.Client
) -> None:
    picture = CardFile("last-frame-k-1.jpg", b"\xff\xd8\xff a picture")
    card = replace(CARD, pictures=(picture.filename,), files=(picture,))
    first = await notifier.show_status(card)
    assert first is not None
    files = DiscordInputFiles(poster)
    found = await files.on_card(VIDEOS_ID, first, {picture.filename, "other.png"})
    assert list(found) == [picture.filename]
    await poster.get_partial_messageable(VIDEOS_ID).get_partial_message(first).delete()
    assert await files.on_card(VIDEOS_ID, first, {picture.filename}) == {}
    second = await notifier.show_status(card)
    assert second is not None
    assert second != first
    assert await files.on_card(VIDEOS_ID, second, {picture.filename})
    # It keeps its file when it changes, and loses it when it ends.
    assert await notifier.show_status(replace(card, message_id=second, files=(), state=JobState.RUNNING)) == second
    assert await files.on_card(VIDEOS_ID, second, {picture.filename})
    await notifier.turn_card(replace(CLOSING, state=JobState.CANCELLED, results=(), status_message_id=second))
    assert await files.on_card(VIDEOS_ID, second, {picture.filename}) == {}
