"""Databases for histories."""

import asyncio

import pytest

from sandbox.simulator.database import SqliteTemplate


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """SQLite files, each a copy of one that was migrated once."""
    template = SqliteTemplate(tmp_path_factory.mktemp("simulator"))
    asyncio.run(template.prepare())
    return template
