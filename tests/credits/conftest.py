"""Databases in which GUILD is known and has its budget."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.storage.database import Database
from bot.storage.guilds import ensure_guild
from bot.storage.migrations import migrate
from credits.world import BUDGET, GUILD, NOON, open_engine


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that was migrated once, for tests to copy."""
    path = tmp_path_factory.mktemp("template") / "bot.db"

    async def make() -> None:
        database = await Database.open(f"sqlite+aiosqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def guild_database(database: Database) -> Database:
    """Once of each kind."""
    await database.write(ensure_guild, GUILD, BUDGET, NOON)
    return database


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file for plain functions of a connection, in quick transactions."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    engine = open_engine(tmp_path / "bot.db")
    with engine.begin() as conn:
        ensure_guild(conn, GUILD, BUDGET, NOON)
    yield engine
    engine.dispose()
