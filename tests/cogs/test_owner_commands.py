"""The commands of the bot's owner, on a local Discord. Omar owns the bot; Ada owns the server Film Club."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.cogs.test_credit_commands import newest, told
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, make_services, running


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        yield bot
        assert await sqlite_database.read(disagreements, FILM_CLUB_ID) == []


async def test_an_owner_reads_a_jobs_story_with_the_engines_details(omar: Persona, mia: Persona, bot: StageBot) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)
    story = await told(omar, "/owner job", id=f" `{job.id.upper()}` ")
    for part in ("requested, in the queue", "accepted", f"server `{FILM_CLUB_ID}`", "sent 0 times", "100 credits held"):
        assert part in story
    assert "no job with this id" in await told(omar, "/owner job", id="zzzzzzzzzzzz")
    assert "12 letters and digits" in await told(omar, "/owner job", id="7")
