"""A migrated SQLite file for each test, copied from one that was migrated once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event

from bot.storage.database import Database, sqlite_connect
from bot.storage.guilds import ensure_guild
from bot.storage.migrations import migrate

GUILD = 500
OTHER_GUILD = 501
MEMBER = 7
MODERATOR = 8
OWNER = 1
NOON = 1_793_620_800.0
"""2026-11-02 12:00 UTC, a Monday."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "bot.db"

    async def make() -> None:
        database = await Database.open(f"sqlite+aiosqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database in which GUILD has 1000 credits a month."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    await database.write(ensure_guild, GUILD, 1000, NOON)
    yield database
    await database.close()


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """The same for plain functions of a connection, in quick transactions."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    engine = open_engine(tmp_path / "bot.db")
    with engine.begin() as conn:
        ensure_guild(conn, GUILD, 1000, NOON)
    yield engine
    engine.dispose()


def open_engine(path: Path) -> Engine:
    """A synchronous engine with the transactions of the real one; a power cut is not what these tests are about."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", sqlite_connect)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
