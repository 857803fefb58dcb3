"""The bench for these tests, once on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.support.bench import Bench, bench


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready
