"""A video from a saved picture, with the real bot, which is killed on the way: one generation, from that picture."""

from pathlib import Path

import aiohttp
import pytest

from bot.domain.evidence import input_urls_of
from sandbox.discord import LocalFile
from tests.support.members import KILLED
from tests.support.stack import stack

PICTURE = LocalFile("zoe.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 400 + b"Zoe")


@pytest.mark.parametrize(
    "point", ["admission.before_commit", "admission.after_commit", "answer.after_post", "submit.after_files"]
)
async def test_a_saved_picture_reaches_the_provider_wherever_the_bot_is_killed(point: str, tmp_path: Path) -> None:
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path) as reel:
        bot = await reel.start_bot(crash_at=point)
        mia = reel.discord.persona("mia")
        await (await mia.slash("cast add", "videos", name="Zoe", image=PICTURE)).wait_message()
        await mia.slash("veo fast", "videos", prompt="she waves", cast="zoe")
        assert await bot.wait() == KILLED
        bot = await reel.start_bot()
        if point == "admission.before_commit":
            await (await mia.slash("veo fast", "videos", prompt="she waves", cast="zoe")).wait_message()
        await reel.until(reel.closings, bot)
        [post] = [one for one in reel.studio.records.posts if one.body is not None]
        [address] = input_urls_of(post.body or {})
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            assert await answer.read() == PICTURE.data
        assert len(reel.closings()) == 1
