"""A local Discord for each test, discord.py pointed at it, and a plain HTTP client beside it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox
from tests.sandbox.discord.clients import Api, Bot, running
from tests.support.discord_py import point_discord_py_at


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox() as sandbox:
        point_discord_py_at(sandbox, monkeypatch)
        yield sandbox


@pytest.fixture
async def bot(sandbox: DiscordSandbox) -> AsyncIterator[Bot]:
    """A logged-in bot. All that discord.py sent, and got, must be as Discord's specification says.

    A request that was refused as a form is left out: there a test sent something wrong on purpose.
    """
    async with running(Bot(), sandbox) as bot:
        yield bot
    wrong = [text for entry in sandbox.record.requests if entry.code != 50035 for text in entry.violations or ()]
    assert wrong == []
    assert [text for event in sandbox.record.events for text in event.violations or ()] == []


@pytest.fixture
async def api(sandbox: DiscordSandbox) -> AsyncIterator[Api]:
    """Requests that discord.py would not send."""
    async with aiohttp.ClientSession() as session:
        yield Api(session, sandbox)
