"""Where posted clips are, asked for at the local Discord."""

from pathlib import Path

import aiohttp
import discord
import pytest

from bot.discord_ui.posting.clips import DiscordClipAddresses
from bot.engine.clips import ClipGone, ClipProblem, ClipUnavailable
from bot.engine.notifier import Result
from sandbox.discord import DiscordSandbox, Message, Permission, Persona, RestFault
from sandbox.discord.default_world import VIDEOS_ID
from sandbox.discord.model import Overwrite
from tests.cogs.results import posted_video
from tests.support.stage import StageBot

DAY = 86_400.0
BYTES = [b"\0\0\0\x18ftypmp42" + bytes([number]) * 500 for number in range(2)]


@pytest.fixture
def addresses(poster: discord.Client) -> DiscordClipAddresses:
    return DiscordClipAddresses(poster)


@pytest.fixture
async def message(bot: StageBot, mia: Persona, sandbox: DiscordSandbox, tmp_path: Path) -> Message:
    """A closing message with two files."""
    results = []
    for number, content in enumerate(BYTES):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(content)
        results.append(Result(f"https://media.example/{number}.mp4", path))
    return await posted_video(bot, mia, sandbox, results=tuple(results))


async def address_of(addresses: DiscordClipAddresses, bot: StageBot, message: Message, position: int) -> str | None:
    job_id = (await bot.stage.all_jobs())[-1].id
    return await addresses.address_of(job_id, position, VIDEOS_ID, message.id)


async def content_of(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


async def test_each_clip_has_an_address_that_works_also_after_days(
    sandbox: DiscordSandbox, bot: StageBot, message: Message, addresses: DiscordClipAddresses
) -> None:
    sandbox.core.clock.advance(3 * DAY)
    found = [await address_of(addresses, bot, message, position) for position in range(3)]
    assert [await content_of(url) for url in found[:2] if url is not None] == BYTES
    assert found[2] is None


async def test_a_clip_that_was_linked_has_no_address(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox, addresses: DiscordClipAddresses
) -> None:
    assert await address_of(addresses, bot, await posted_video(bot, mia, sandbox), 0) is None


async def test_a_deleted_message_is_told_as_deleted(
    sandbox: DiscordSandbox, bot: StageBot, message: Message, addresses: DiscordClipAddresses
) -> None:
    del sandbox.world.channels[VIDEOS_ID].messages[message.id]
    with pytest.raises(ClipGone) as raised:
        await address_of(addresses, bot, message, 0)
    assert raised.value.problem is ClipProblem.DELETED


async def test_a_lost_channel_or_a_lost_right_means_that_discord_has_no_such_file(
    sandbox: DiscordSandbox, bot: StageBot, message: Message, addresses: DiscordClipAddresses
) -> None:
    own = sandbox.world.application_id
    denied = Overwrite(own, is_member=True, deny=int(Permission.VIEW_CHANNEL))
    sandbox.world.channels[VIDEOS_ID].overwrites[own] = denied
    assert await address_of(addresses, bot, message, 0) is None
    del sandbox.world.channels[VIDEOS_ID]
    assert await address_of(addresses, bot, message, 0) is None


async def test_while_discord_is_away_the_clip_is_out_of_reach(
    sandbox: DiscordSandbox, bot: StageBot, message: Message, addresses: DiscordClipAddresses
) -> None:
    path = f"/channels/{VIDEOS_ID}/messages/{message.id}"
    sandbox.controls.add_fault(RestFault("GET", path, status=503, times=9))
    with pytest.raises(ClipUnavailable) as raised:
        await address_of(addresses, bot, message, 0)
    assert raised.value.problem is ClipProblem.UNREACHABLE
