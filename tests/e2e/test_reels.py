"""A reel from its title to its film, by buttons alone, with the real bot and real videos."""

from functools import partial
from pathlib import Path

import pytest

from sandbox.discord import Message
from sandbox.discord.default_world import VIDEOS_ID
from sandbox.discord.record import MessageFact
from sandbox.discord.walk import walk
from tests.cogs.reel_desk import add, new_reel
from tests.support.stack import Stack, stack
from tests.support.stage import button, words

pytestmark = pytest.mark.timeout(300)
FILM_SECONDS = 150.0


def films(reel: Stack) -> list[MessageFact]:
    return [fact for fact in reel.posted() if any(name.startswith("reel-") for name in fact.attachments)]


def pictures(panel: Message) -> int:
    return sum(part.get("type") == 11 for _, part in walk(panel.components))


async def test_members_make_a_reel_and_its_film(tmp_path: Path) -> None:
    options = {"render": True, "short_side_max": 240, "job_seconds": (1.0, 1.0), "posts_per_hour": 3600}
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, **options) as reel:
        bot = await reel.start_bot(STUDIO_POSTS_PER_HOUR="3600")
        mia, noah = reel.discord.persona("mia"), reel.discord.persona("noah")
        panel = await new_reel(mia, "The lighthouse")
        for number, (member, prompt) in enumerate(((mia, "the lamp turns"), (noah, "waves over the rocks")), 1):
            await (await member.slash("veo fast", "videos", prompt=prompt)).wait_message()
            await reel.until(partial(reel.has_closings, number), bot)
            video = reel.discord.world.channels[VIDEOS_ID].messages[reel.closings()[-1].message_id]
            await add(member, video)
        # Both were looked at: their pictures and lengths are there. The credits take three and a half seconds more.
        await reel.until(lambda: pictures(panel) == 2 and "**2 clips, 0:20**" in words(panel), bot)
        await mia.press(panel, button(panel, "Make the film"))
        await reel.discord.wait_for(lambda: bool(films(reel)), FILM_SECONDS)
        [film] = films(reel)
        posted = reel.discord.world.channels[VIDEOS_ID].messages[film.message_id]
        assert "**The lighthouse**" in posted.content
        assert all(one.mention in posted.content for one in (mia, noah))
        assert "2 clips · 0:20" in posted.content
        await reel.until(lambda: "Its film is" not in words(panel), bot)
