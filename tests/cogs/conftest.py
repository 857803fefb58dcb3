"""The bot for these tests: with one model, owned by Omar. Afterwards every balance must agree with the ledger."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, make_services, running


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        yield bot
        assert await sqlite_database.read(disagreements, FILM_CLUB_ID) == []
