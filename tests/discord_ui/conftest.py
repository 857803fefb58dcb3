"""A local Discord, and discord.py's real clients pointed at it."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.storage.database import Database
from discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from discord_ui.stage import Services, StageBot, make_services, running
from sandbox.discord import DiscordSandbox, Persona


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    """Serves on loopback; what the test sent is checked against Discord's specification where that is present."""
    async with DiscordSandbox() as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(sandbox.gateway_url))
        yield sandbox
        assert deviations(sandbox) == []


def deviations(sandbox: DiscordSandbox) -> list[str]:
    """What differs from Discord's specification, but for two things: discord.py sends ids of mentions and references as
    integers, which Discord takes, and a request that met a fault was not read."""
    known = ("allowed_mentions: ", "message_reference: ", "body: null ")
    return [line for line in sandbox.record.violations() if not any(text in line for text in known)]


@pytest.fixture
async def poster(sandbox: DiscordSandbox) -> AsyncIterator[discord.Client]:
    """A client without a gateway connection."""
    async with discord.Client(intents=discord.Intents.none(), max_messages=None) as client:
        await client.login(sandbox.token)
        yield client


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    """Admission on a database, with three models."""
    return make_services(sqlite_database, VEO_FAST, KLING, WAN_REMIX)


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
