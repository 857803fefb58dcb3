"""Fixtures for everybody: databases of both kinds, a local Discord and its people. Each test has its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import hypothesis
import pytest

from bot.storage.database import Database
from bot.storage.guilds import ensure_guild
from bot.storage.migrations import migrate
from sandbox import postgres
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.spec import Specification
from sandbox.studio import StudioSandbox
from tests.support.credits_world import ANY_JOBS, GUILD, NOON
from tests.support.discord_py import point_discord_py_at
from tests.support.media import undescribed_media
from tests.support.raw_commands import raw_commands

# How long an example takes belongs in benchmarks. Where CI is set, hypothesis has a profile of its own, with the same
# examples every time.
hypothesis.settings.register_profile("unhurried", deadline=None)
if "CI" not in os.environ:
    hypothesis.settings.load_profile("unhurried")

_ORIGIN = "postgres_origin"


def pytest_configure(config: pytest.Config) -> None:
    """Sort the files that were named, so that those of one folder stand together.

    pytest 9.1 collects a folder anew for a file that is named directly in it. Its subfolders are other nodes then, and
    the fixtures of their conftest.py belong to the first ones.
    """
    config.args.sort()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; tests that need it are skipped, saying so, where none can be had."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.server())
        except LookupError as missing:
            pytest.skip(str(missing))
        yield server


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


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def postgres_of(request: pytest.FixtureRequest) -> postgres.Server:
    """Return the server, and note for the summary that this test ran on it."""
    server: postgres.Server = request.getfixturevalue("postgres_server")
    request.node.user_properties.append((_ORIGIN, server.origin))
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "bot.db")
    return asyncio.run(postgres_of(request).new_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "bot.db")
        return sqlite_url(tmp_path / "bot.db")
    return asyncio.run(postgres_of(request).new_database(request.getfixturevalue("migrated_postgres")))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, once of each kind."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def sqlite_database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite file, for what does not depend on the kind of database."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    async with opened(sqlite_url(tmp_path / "bot.db")) as database:
        yield database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


async def migrated(url: str) -> str:
    async with opened(url) as database:
        await migrate(database)
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that was migrated once, for tests to copy."""
    path = tmp_path_factory.mktemp("template") / "bot.db"
    asyncio.run(migrated(sqlite_url(path)))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: postgres.Server) -> str:
    """A PostgreSQL database that was migrated once, for tests to copy; its address."""
    return asyncio.run(migrated(asyncio.run(postgres_server.new_database())))


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    """A local Discord at which discord.py is pointed. All that it was sent must be as Discord's specification says,
    commands in messages must be clickable, and pictures and videos described."""
    async with DiscordSandbox() as sandbox:
        point_discord_py_at(sandbox, monkeypatch)
        yield sandbox
        assert sandbox.record.violations() == []
        assert raw_commands(sandbox.record) == []
        assert undescribed_media(sandbox.record) == []


@pytest.fixture
async def studio() -> AsyncIterator[StudioSandbox]:
    """A local Video Studio whose jobs take a twentieth of a second and whose files are bytes without pictures."""
    async with StudioSandbox(job_seconds=(0.05, 0.05), posts_per_hour=None, render=False, seed=7) as studio:
        yield studio


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
    await database.write(ensure_guild, GUILD, ANY_JOBS, NOON)
    return database
