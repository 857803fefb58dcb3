"""A local Discord, and discord.py's real clients pointed at it."""

import shutil
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.spec import Specification
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from tests.discord_ui.stage import Services, StageBot, make_services, running


@cache
def specification(_path: Path | None = None) -> Specification:
    """Discord's specification, made ready once for all tests."""
    return Specification()


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    """Serves on loopback; what the test sent is checked against Discord's specification where that is present."""
    monkeypatch.setattr("sandbox.discord.server.Specification", specification)
    async with DiscordSandbox() as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(sandbox.gateway_url))
        yield sandbox
        assert sandbox.record.violations() == []


@pytest.fixture
async def poster(sandbox: DiscordSandbox) -> AsyncIterator[discord.Client]:
    """A client without a gateway connection."""
    async with discord.Client(intents=discord.Intents.none(), max_messages=None) as client:
        await client.login(sandbox.token)
        yield client


@pytest.fixture
async def services(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Services]:
    """Admission on a database, with three models."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    yield make_services(database, VEO_FAST, KLING, WAN_REMIX)
    await database.close()


@pytest.fixture
async def bot(sandbox: DiscordSandbox, services: Services) -> AsyncIterator[StageBot]:
    """The bot, connected."""
    async with running(sandbox, services) as bot:
        yield bot


@pytest.fixture
def mia(sandbox: DiscordSandbox, bot: StageBot) -> Persona:
    """A member."""
    return sandbox.persona("mia")


@pytest.fixture
def noah(sandbox: DiscordSandbox, bot: StageBot) -> Persona:
    """A second member."""
    return sandbox.persona("noah")


@pytest.fixture
def ada(sandbox: DiscordSandbox, bot: StageBot) -> Persona:
    """A moderator."""
    return sandbox.persona("ada")
