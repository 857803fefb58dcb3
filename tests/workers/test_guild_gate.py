"""On PostgreSQL, members of one guild must not take every connection of the pool."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.tables.money import guilds_table
from tests.support.bench import GUILD, Bench

CROWD = 25
"""More members than the pool has connections."""


async def test_a_guild_whose_lock_is_held_does_not_hold_up_another(engine: Bench) -> None:
    if engine.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer, and no locks of guilds")
    await engine.ask()
    holder = create_async_engine(engine.database.url)
    async with holder.begin() as conn:
        await conn.execute(select(guilds_table).where(guilds_table.c.guild_id == GUILD).with_for_update())
        crowd = [asyncio.create_task(engine.ask(member=1 + number)) for number in range(CROWD)]
        await asyncio.sleep(0)
        other = await asyncio.wait_for(engine.ask(guild=GUILD + 1), 10)
        assert other.guild_id == GUILD + 1
        assert not any(task.done() for task in crowd)
    assert len({job.id for job in await asyncio.gather(*crowd)}) == CROWD
    await holder.dispose()
