"""The bot and its services for these tests, on the local Discord."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from tests.support.stage import StageBot, StageServices, make_services, running


@pytest.fixture
async def poster(sandbox: DiscordSandbox) -> AsyncIterator[discord.Client]:
    """A client without a gateway connection."""
    async with discord.Client(intents=discord.Intents.none(), max_messages=None) as client:
        await client.login(sandbox.token)
        yield client


@pytest.fixture
def mentions(poster: discord.Client, services: StageServices) -> CommandMentions:
    """The posting client's mentions of commands; none is known before a bot has started."""
    return CommandMentions(poster, services.commands)


@pytest.fixture
async def services(migrated_file: Path, tmp_path: Path) -> AsyncIterator[StageServices]:
    """Admission on a database, with three models."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    yield make_services(database, VEO_FAST, KLING, WAN_REMIX)
    await database.close()


@pytest.fixture
async def bot(sandbox: DiscordSandbox, services: StageServices) -> AsyncIterator[StageBot]:
    """The bot, connected."""
    async with running(sandbox, services) as bot:
        yield bot
