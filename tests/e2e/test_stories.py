"""Whatever becomes of a request, its channel keeps one message of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support import stories
from tests.support.stack import Stack, stack
from tests.support.stories import CROWD, Stage

Story = Callable[[Stage], Awaitable[None]]

EXPECTED = [
    (stories.success, 1, 1),
    (stories.failure, 1, 1),
    (stories.cancel, 1, 0),
    (stories.cancelled_by_a_moderator, 1, 0),
    (stories.approval, 1, 1),
    (stories.refusal, 0, 0),
    (stories.crowd, CROWD, CROWD),
    (stories.large, 1, 1),
    (stories.own_list, 4, 4),
]


async def test_a_clip_that_is_continued_is_one_message_more(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with stack(url, tmp_path, render=True, short_side_max=144) as reel:
        stage = Stage(reel, await reel.start_bot(DEFAULT_GUILD_CREDITS="10000"))
        await stories.continuation(stage)
        await stage.until(lambda: len(stage.standing()) == 2)
        assert reel.discord.record.violations() == []


async def test_a_comparison_is_one_message(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with stack(url, tmp_path, job_seconds=(4.0, 4.0)) as reel:
        stage = Stage(reel, await reel.start_bot(DEFAULT_GUILD_CREDITS="10000"))
        await stories.comparison(stage)
        await stage.until(lambda: len(stage.standing()) == 1)
        assert len(reel.studio.records.posts) == 4
        assert reel.discord.record.violations() == []


@pytest.mark.parametrize(("story", "messages", "posts"), EXPECTED, ids=[story.__name__ for story, *_ in EXPECTED])
async def test_a_channel_keeps_one_message_for_each_request(
    reel: Stack, story: Story, messages: int, posts: int
) -> None:
    stage = Stage(reel, await reel.start_bot(DEFAULT_GUILD_CREDITS="10000"))
    await story(stage)
    await stage.until(lambda: len(stage.standing()) == messages)
    assert len(reel.studio.records.posts) == posts
    assert reel.discord.record.violations() == []
