"""A member has everything erased, with the real bot: nothing is left in the database, on Discord, in logs or files."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage.ledger_check import disagreements
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.tables.money import ledger_entries_table
from bot.storage.tables.privacy import erasures_table
from sandbox.discord import Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.e2e.test_crash_matrix import ERASING
from tests.support.members import KILLED
from tests.support.stack import Stack, stack
from tests.support.stage import button
from tests.support.traces import files_with, traces_at

MARK = "Zaphod-Beeblebrox"


async def test_an_erasure_that_is_killed_at_every_step_is_done_in_the_end(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    async with stack(database_url, tmp_path) as reel:
        reel.settings["LOG_LEVEL"] = "DEBUG"
        bot = await reel.start_bot()
        mia, ada = reel.discord.persona("mia"), reel.discord.persona("ada")
        for number in range(2):
            await (await mia.slash("veo fast", "videos", prompt=f"{MARK} number {number}")).wait_message()
        await reel.until(lambda: len(reel.closings()) == 2, bot)
        granted = {"amount": 5, "reason": f"{MARK} won", "member": "mia"}
        await (await ada.slash("quota grant", "videos", **granted)).wait_message()
        await reel.until_none(select(func.count()).where(outbox_table.c.done_at.is_(None)))
        await erase_while_dying(reel, mia)
        await reel.until_none(select(func.count()).select_from(erasures_table))
        posted = [message for message in reel.posted() if message.deleted_at is None and MARK in message.content]
        assert posted == []
        ids = select(jobs_table.c.member_id).distinct()
        [pseudonym] = await reel.read(lambda conn: conn.execute(ids).scalars().all())
        assert pseudonym < 0
        charged = select(func.sum(ledger_entries_table.c.charged_delta))
        assert await reel.read(lambda conn: conn.execute(charged).scalar()) == reel.studio.records.charged() == 200
        assert await reel.read(disagreements, FILM_CLUB_ID) == []
        await asyncio.gather(*(one.stop() for one in reel.bots))
    assert await traces_at(database_url, MARK) == []
    assert files_with(tmp_path, MARK) == []


async def erase_while_dying(reel: Stack, mia: Persona) -> None:
    """Have the bot die at each point of the erasure that Mia asks for, and start it again."""
    first, *others = ERASING
    await reel.bots[-1].stop()
    dying = await reel.start_bot(crash_at=first)
    question = await (await mia.slash("privacy erase", "videos")).wait_message()
    await mia.press(question, button(question, "Erase, and delete the videos"))
    assert await dying.wait() == KILLED
    for point in others:
        dying = await reel.start_bot(ready=False, crash_at=point)
        assert await dying.wait() == KILLED
    await reel.start_bot()
