"""The reel of the week with the real bot as a process: killed after each of its steps, it posts one film."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.gallery import DAY
from bot.domain.guild_settings import GuildSetting
from bot.storage import guild_settings
from bot.storage.database import Database
from bot.storage.tables.gallery import gallery_entries_table
from bot.storage.tables.reels import reel_renders_table
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, GENERAL_ID
from sandbox.discord.record import MessageFact
from tests.e2e.test_crash_matrix import WEEKLY
from tests.e2e.test_showcase import made
from tests.support.members import KILLED
from tests.support.stack import Stack, stack

pytest.importorskip("av")
LOOK_SECONDS, LOOKS_MAX = 0.2, 200


@pytest.fixture
async def reel(tmp_path: Path) -> AsyncIterator[Stack]:
    """Both sandboxes, with videos that are videos."""
    options = {"render": True, "short_side_max": 90, "job_seconds": (0.2, 0.2), "posts_per_hour": None}
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, **options) as ready:
        yield ready


def films(reel: Stack) -> list[MessageFact]:
    """What was posted in the showcase with a file."""
    return [fact for fact in reel.discord.record.messages(GENERAL_ID) if fact.attachments]


async def all_liked(reel: Stack, count: int) -> None:
    """Wait until so many results have likes. Only the database tells, so it is asked again and again."""
    liked = select(func.count()).select_from(gallery_entries_table).where(gallery_entries_table.c.likes > 0)
    for _ in range(LOOKS_MAX):
        if await reel.read(lambda conn: conn.execute(liked).scalar()) == count:
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError("not counted")


def choose(conn: Connection) -> None:
    """Have chosen, a day ago, that the moment was within the last hour."""
    now = time.time()
    moment = datetime.fromtimestamp(now, UTC)
    for setting, value in {
        GuildSetting.SHOWCASE_CHANNEL: GENERAL_ID,
        GuildSetting.SHOWCASE_LIKES: 100,
        GuildSetting.WEEKLY_REEL_DAY: moment.weekday(),
        GuildSetting.WEEKLY_REEL_HOUR: moment.hour,
    }.items():
        before = guild_settings.lock(conn, FILM_CLUB_ID, ADA_ID, setting, now - DAY)
        guild_settings.change(conn, FILM_CLUB_ID, ADA_ID, setting, before, value, now - DAY)


async def test_a_bot_that_dies_meanwhile_posts_one_film_of_the_week(reel: Stack) -> None:
    bot = await reel.start_bot()
    noah = reel.discord.persona("noah")
    for number in range(3):
        await noah.react(await made(reel, number), "❤️")
    await all_liked(reel, 3)
    assert await bot.stop() == 0
    database = await Database.open(reel.database_url)
    await database.write(choose)
    await database.close()
    for point in WEEKLY:
        dying = await reel.start_bot(ready=False, crash_at=point)
        assert await dying.wait() == KILLED
        await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
    again = await reel.start_bot()
    await reel.until(lambda: films(reel), again)
    assert await again.stop() == 0
    [film] = films(reel)
    assert film.mentions == [reel.discord.persona("mia").id]
    assert "Reel of the week" in film.content
    count = select(func.count()).select_from(reel_renders_table)
    assert await reel.read(lambda conn: conn.execute(count).scalar()) == 1
    assert reel.discord.record.violations() == []
