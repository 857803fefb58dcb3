"""Fixtures for everybody: databases of both kinds, each test with its own."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.storage.database import Database
from bot.storage.guilds import ensure_guild
from bot.storage.migrations import migrate
from sandbox import postgres
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.spec import Specification
from tests.support.credits_world import BUDGET, GUILD, NOON
from tests.support.discord_py import point_discord_py_at

# How long an example takes belongs in benchmarks. Where CI is set, hypothesis has a profile of its own, with the same
# examples every time.
hypothesis.settings.register_profile("unhurried", deadline=None)
if "CI" not in os.environ:
    hypothesis.settings.load_profile("unhurried")

_ORIGIN = "postgres_origin"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; tests that need it are skipped, saying so, where none can be had."""
    try:
        context = postgres.server()
        server = context.__enter__()
    except LookupError as missing:
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        context.__exit__(None, None, None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which server the PostgreSQL tests ran; the results of all test processes arrive here."""
    origins: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == _ORIGIN:
                origins[str(value)] = origins.get(str(value), 0) + 1
    for origin, passed in origins.items():
        terminalreporter.write_line(f"PostgreSQL: {passed} tests passed on {origin}")
    if not origins:
        terminalreporter.write_line("PostgreSQL: no test ran on it")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    request.node.user_properties.append((_ORIGIN, server.origin))
    return await server.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, once of each kind."""
    database = await Database.open(database_url)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite file, for what does not depend on the kind of database."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that was migrated once, for tests to copy."""
    path = tmp_path_factory.mktemp("template") / "bot.db"

    async def make() -> None:
        database = await Database.open(f"sqlite+aiosqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    """A local Discord at which discord.py is pointed. All that it was sent must be as Discord's specification says."""
    async with DiscordSandbox() as sandbox:
        point_discord_py_at(sandbox, monkeypatch)
        yield sandbox
        assert sandbox.record.violations() == []


@pytest.fixture
def specification() -> Specification:
    """Discord's own specification. Without a copy of it a run on CI fails, and other runs skip what needs it."""
    found = Specification()
    if not found.is_present:
        missing = "no copy of Discord's OpenAPI document: `scripts/discord-spec` fetches it"
        if "CI" in os.environ:
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture
def mia(sandbox: DiscordSandbox, bot: object) -> Persona:
    """A member. `bot` is the fixture of the test's own folder; people come once it is there."""
    return sandbox.persona("mia")


@pytest.fixture
def noah(sandbox: DiscordSandbox, bot: object) -> Persona:
    """A second member, who has the patrons' role."""
    return sandbox.persona("noah")


@pytest.fixture
def ada(sandbox: DiscordSandbox, bot: object) -> Persona:
    """A moderator."""
    return sandbox.persona("ada")


@pytest.fixture
def omar(sandbox: DiscordSandbox, bot: object) -> Persona:
    """The owner of the guild and of the bot."""
    return sandbox.persona("omar")


@pytest.fixture
async def guild_database(database: Database) -> Database:
    """Once of each kind."""
    await database.write(ensure_guild, GUILD, BUDGET, NOON)
    return database
