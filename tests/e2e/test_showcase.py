"""The showcase with the real bot as a process: killed at every step, it forwards and withdraws each result once."""

import asyncio
from pathlib import Path

import pytest

from sandbox.discord import Message
from sandbox.discord.default_world import GENERAL_ID
from sandbox.discord.record import MessageFact
from sandbox.postgres import Server
from tests.cogs.panel import open_panel
from tests.e2e.test_crash_matrix import SHOWCASE
from tests.support.members import KILLED
from tests.support.stack import Stack, stack
from tests.support.stage import button

*SHOWING, WITHDRAWING = SHOWCASE


def forwards(reel: Stack) -> list[MessageFact]:
    return [fact for fact in reel.discord.record.messages(GENERAL_ID) if fact.forward_of is not None]


async def choose_showcase(reel: Stack) -> None:
    panel = await open_panel(reel.discord, reel.discord.persona("ada"), "showcase")
    await panel.choose(":showcase_channel:", GENERAL_ID)
    await panel.choose(":showcase_likes:", "1")


async def made(reel: Stack, number: int) -> Message:
    """A video of Mia's, posted."""
    before = len(reel.closings())
    mia = reel.discord.persona("mia")
    await (await mia.slash("veo fast", "videos", prompt=f"number {number}")).wait_message()
    await reel.until(lambda: len(reel.closings()) > before, reel.bots[-1])
    fact = reel.closings()[-1]
    return reel.discord.world.channels[fact.channel_id].messages[fact.message_id]


async def test_a_bot_that_dies_at_every_step_forwards_once_and_withdraws_once(reel: Stack) -> None:
    await reel.start_bot()
    await choose_showcase(reel)
    noah, mia = reel.discord.persona("noah"), reel.discord.persona("mia")
    videos = []
    for number, point in enumerate(SHOWING):
        await reel.bots[-1].stop()
        dying = await reel.start_bot(crash_at=point)
        videos.append(await made(reel, number))
        await noah.react(videos[-1], "❤️")
        assert await dying.wait() == KILLED
        await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
        again = await reel.start_bot()
        await reel.until(lambda: len(forwards(reel)) == len(videos), again)
    assert [fact.forward_of for fact in forwards(reel)] == [video.id for video in videos]
    await reel.bots[-1].stop()
    dying = await reel.start_bot(crash_at=WITHDRAWING)
    await mia.press(videos[0], button(videos[0], "Delete"))
    assert await dying.wait() == KILLED
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
    await reel.start_bot()
    await reel.until(lambda: forwards(reel)[0].deleted_at is not None, reel.bots[-1])
    assert [fact.deleted_at is None for fact in forwards(reel)] == [False, True, True]
    assert len(forwards(reel)) == len(videos)
    assert reel.discord.record.violations() == []
    await asyncio.gather(*(bot.stop() for bot in reel.bots))


async def test_what_people_liked_while_the_bot_was_away_comes_into_the_showcase(reel: Stack) -> None:
    bot = await reel.start_bot()
    await choose_showcase(reel)
    video = await made(reel, 1)
    assert await bot.stop() == 0
    noah = reel.discord.persona("noah")
    await noah.react(video, "❤️")
    again = await reel.start_bot()
    await (await noah.slash("gallery", "general")).wait_message()
    await reel.until(lambda: forwards(reel), again)
    assert [fact.forward_of for fact in forwards(reel)] == [video.id]


@pytest.mark.timeout(300)
async def test_a_fleet_forwards_each_result_once(postgres_server: Server, tmp_path: Path) -> None:
    url = await postgres_server.new_database()
    async with stack(url, tmp_path) as reel:
        await reel.start_bot("gateway")
        for _ in range(2):
            await reel.start_bot("worker", ready=False)
        await choose_showcase(reel)
        videos = [await made(reel, number) for number in range(4)]
        noah = reel.discord.persona("noah")
        for video in videos:
            await noah.react(video, "❤️")
        await reel.until(lambda: len(forwards(reel)) == len(videos))
        await asyncio.gather(*(bot.stop() for bot in reel.bots))
        assert sorted(fact.forward_of or 0 for fact in forwards(reel)) == sorted(video.id for video in videos)
