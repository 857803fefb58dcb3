"""The schema is the sum of the migrations, on both kinds of database, applied whole or not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from bot.storage import migrations
from bot.storage.database import Database
from bot.storage.migrations import migrate, versions
from bot.storage.tables import metadata
from bot.storage.tables.provider import accounts_table


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(database_url)
    yield database
    await database.close()


async def test_the_migrations_make_exactly_the_tables(empty: Database) -> None:
    await migrate(empty)

    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))

    assert await empty.read(differences) == []
    current, newest = await versions(empty)
    assert current == newest


async def test_migrating_twice_changes_nothing(empty: Database) -> None:
    await migrate(empty)
    await migrate(empty)
    assert await empty.read(lambda conn: conn.execute(select(accounts_table.c.id)).scalars().all()) == [1]


async def test_a_migration_that_fails_leaves_nothing_behind(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(conn: Connection) -> None:
        migrations._upgrade(conn)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await empty.write(broken)
    assert await empty.read(lambda conn: inspect(conn).get_table_names()) == []
    await migrate(empty)


async def test_a_path_with_odd_characters_is_migrated(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'a b%20c' / 'bot.db'}")
    try:
        await migrate(database)
    finally:
        await database.close()
