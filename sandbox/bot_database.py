"""The bot's database made ready before its start, where a sandbox takes more POSTs an hour than the real provider."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, update

from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables.provider import OWNER_ACCOUNT, accounts_table, posts_table


async def prepare_database(url: str, hourly_posts: int, moments: Sequence[float] = ()) -> None:
    """A migrated database whose owner account may post so often, and that remembers these POSTs."""

    def write(conn: Connection) -> None:
        own = accounts_table.c.id == OWNER_ACCOUNT
        conn.execute(update(accounts_table).where(own).values(hourly_posts=hourly_posts, hourly_posts_until=None))
        conn.execute(delete(posts_table))
        rows = [{"account_id": OWNER_ACCOUNT, "job_id": "before", "at": at} for at in moments]
        if rows:
            conn.execute(insert(posts_table), rows)

    database = await Database.open(url)
    try:
        await migrate(database)
        await database.write(write)
    finally:
        await database.close()
