"""Databases in which GUILD is known and has its budget."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.storage.guilds import ensure_guild
from tests.support.credits_world import ANY_JOBS, GUILD, NOON, open_engine


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file for plain functions of a connection, in quick transactions."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    engine = open_engine(tmp_path / "bot.db")
    with engine.begin() as conn:
        ensure_guild(conn, GUILD, ANY_JOBS, NOON)
    yield engine
    engine.dispose()
