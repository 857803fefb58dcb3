"""Films with the real bot as a process: killed at every step, it posts each film once, and the file is whole."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.reel_renders import ReelRender, ReelRenderState
from bot.storage import job_lists, reel_parts, reel_renders, reels
from bot.storage.database import Database
from sandbox.demo.bot_process import BotProcess
from sandbox.discord.record import MessageFact
from tests.e2e.test_crash_matrix import FILMS
from tests.support.clips import pictures_in
from tests.support.members import KILLED
from tests.support.stack import Stack, kill, stack

pytestmark = pytest.mark.timeout(300)
CREDITS_SECONDS = 3.0
"""A heading and one name."""


@pytest.fixture
async def reel(tmp_path: Path) -> AsyncIterator[Stack]:
    """A stack whose provider makes real clips."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with stack(url, tmp_path, render=True) as ready:
        yield ready


def films(reel: Stack) -> list[MessageFact]:
    return [fact for fact in reel.posted() if any(name.startswith("reel-") for name in fact.attachments)]


async def ask_for_film(reel: Stack) -> int:
    """Ask for a film of two videos that were posted, while no bot runs."""

    guild_id = reel.discord.world.channels[reel.closings()[0].channel_id].guild_id or 0

    def write(conn: Connection) -> int:
        made = list(reversed(job_lists.recent(conn, guild_id, limit=10)))
        first, now = made[0], time.time()
        reel_id = reels.add(conn, first.guild_id, first.channel_id, first.member_id, "Foxes", now)
        reel_parts.add_title(conn, reel_id, "Foxes", 1.0, first.member_id, now)
        for job in made:
            reel_parts.add_clip(conn, reel_id, job.id, 0, first.member_id, now)
        return reel_renders.ask(conn, reel_id, first.guild_id, first.channel_id, first.member_id, now)

    database = await Database.open(reel.database_url)
    try:
        return await database.write(write)
    finally:
        await database.close()


async def make_videos(reel: Stack, count: int = 2) -> None:
    bot = await reel.start_bot()
    for number in range(count):
        await (await reel.discord.persona("mia").slash("veo fast", "videos", prompt=f"fox {number}")).wait_message()
    await reel.until(lambda: len(reel.closings()) == count, bot)
    assert await bot.stop() == 0
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())


def joining(reel: Stack) -> bool:
    """Return whether a card tells that clips are being joined."""
    messages = [message for channel in reel.discord.world.channels.values() for message in channel.messages.values()]
    return any("Fetching" in str(message.components) for message in messages)


async def render_of(reel: Stack, render_id: int) -> ReelRender:
    render = await reel.read(reel_renders.find, render_id)
    assert render is not None
    return render


async def posted(reel: Stack, render_id: int, bot: BotProcess) -> MessageFact:
    """Return the only message with a film, once the bot has noted it."""
    await reel.until(lambda: films(reel), bot)
    async with asyncio.timeout(30):
        while (await render_of(reel, render_id)).state is not ReelRenderState.DONE:  # noqa: ASYNC110  # it is a process
            await asyncio.sleep(0.1)
    assert await bot.stop() == 0
    [film] = films(reel)
    return film


async def test_a_bot_killed_at_every_step_of_a_film_posts_it_once(reel: Stack) -> None:
    await make_videos(reel)
    render_id = await ask_for_film(reel)
    for point in FILMS:
        dying = await reel.start_bot(ready=False, crash_at=point)
        assert await dying.wait() == KILLED, f"it ended without dying at {point}: {dying.last_lines()}"
        await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
    bot = await reel.start_bot()
    film = await posted(reel, render_id, bot)
    render = await render_of(reel, render_id)
    assert (render.state, render.message_id) == (ReelRenderState.DONE, film.message_id)
    message = reel.discord.world.channels[film.channel_id].messages[film.message_id]
    assert len(pictures_in(message.attachments[0].path)) * 1000 / 24 == pytest.approx(render.duration_ms, abs=1000 / 24)
    cards = [fact for fact in reel.posted() if fact.deleted_at is None and not fact.attachments and not fact.content]
    assert cards == [], "no card of a film that is done stays"
    assert reel.discord.record.violations() == []


async def test_a_bot_killed_in_the_middle_of_a_film_leaves_no_process_and_makes_it_again(reel: Stack) -> None:
    await make_videos(reel)
    render_id = await ask_for_film(reel)
    bot = await reel.start_bot(ready=False)
    await reel.until(lambda: joining(reel) or films(reel), bot)
    await kill(bot)
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
    await posted(reel, render_id, await reel.start_bot())
