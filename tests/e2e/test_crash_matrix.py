"""The crash matrix: the bot is killed at every commit and every network call of a request's way, then started again.

Checked against the records of both sandboxes, not against the bot's own books: exactly one generation was paid, exactly
one closing message was posted, and the ledger's sum is what the provider charged.
"""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.stack import Stack, stack

from bot.engine.crashpoints import POINTS
from bot.storage.tables.money import ledger_entries
from sandbox.demo.bot_process import BotProcess

KILLED = -9
ONLY_AFTER_A_LOST_ANSWER = ("reconcile.after_history", "reconcile.after_note")
NOT_YET_ACCEPTED = ("admission.before_commit",)
"""Killed before the request was accepted: then nothing was promised, charged or posted."""


async def ask_and_die(reel: Stack, point: str, *arguments: str) -> BotProcess:
    """A member asks, and the bot dies at the named point."""
    if point in ONLY_AFTER_A_LOST_ANSWER:
        reel.studio.faults.cut_after_accepting()
    bot = await reel.start_bot(*arguments, CRASH_AT=point)
    await reel.discord.persona("mia").slash("veo fast", "videos", prompt=f"killed at {point}")
    async with asyncio.timeout(30):
        assert await bot.wait() == KILLED
    return bot


async def check_promises(reel: Stack, accepted: bool) -> None:
    """One generation, one closing message, one truth about the money."""
    expected = 1 if accepted else 0
    assert len(reel.studio.records.accepted_posts()) == expected, "generations paid"
    assert len(reel.closings()) == expected, "closing messages"
    sums = select(func.sum(ledger_entries.c.spent_delta), func.sum(ledger_entries.c.held_delta))
    spent, held = await reel.read(lambda conn: conn.execute(sums).one())
    assert (spent or 0) == reel.studio.records.charged() == 100 * expected
    assert not held, "nothing is held any more"


@pytest.mark.parametrize("point", POINTS)
async def test_killed_anywhere_nothing_is_lost_or_doubled(point: str, database_url: str, tmp_path: Path) -> None:
    async with stack(database_url, tmp_path) as reel:
        await ask_and_die(reel, point)
        accepted = point not in NOT_YET_ACCEPTED
        bot = await reel.start_bot()
        if accepted:
            await reel.until(reel.closings, bot)
        assert await bot.stop() == 0, "steps under way are finished, so that a second message would be seen"
        await check_promises(reel, accepted)
