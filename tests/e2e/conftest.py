"""The whole stack for these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.stack import Stack, stack


@pytest.fixture
async def reel(tmp_path: Path) -> AsyncIterator[Stack]:
    """Both sandboxes, and a bot on SQLite that the test starts itself."""
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path) as ready:
        yield ready
