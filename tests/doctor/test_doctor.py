"""The doctor: a healthy installation, and one prepared fault after another, each found and named with its cure."""

import fcntl
import importlib.util
import json
import shutil
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from sqlalchemy import text, update

from bot.doctor import discord_checks
from bot.doctor.catalogue import check_catalogue
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Level, worst
from bot.doctor.report import STATUSES, json_report, text_report
from bot.domain.jobs import JobState
from bot.domain.quota import GuildDefaults
from bot.settings import load_for_examination
from bot.storage.copies import dated_copies, dated_name
from bot.storage.database import Database
from bot.storage.guilds import ensure_guild
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.money import usage_table
from bot.storage.tables.provider import OWNER_ACCOUNT, accounts_table, posts_table
from bot.studio.client import StudioClient
from sandbox.discord import DiscordSandbox
from sandbox.studio import StudioSandbox
from sandbox.studio.faults import Route
from tests.support.discord_py import point_discord_py_at


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@dataclass
class Installation:
    """A bot's settings, what they lead to, and the folder of its files."""

    discord: DiscordSandbox
    studio: StudioSandbox
    database: Database
    folder: Path
    patch: pytest.MonkeyPatch
    until_the_end: ExitStack

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(name, value)

    async def examined(self) -> list[Finding]:
        return await examine(*load_for_examination())


@pytest.fixture
async def installation(
    local_discord: DiscordSandbox,
    local_studio: StudioSandbox,
    sqlite_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Installation]:
    """An installation with nothing wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o600)
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / dated_name(time.time())).touch()
    for file in tmp_path.glob("bot.db*"):
        file.chmod(0o600)
    local_discord.world.portal["bot_public"] = False
    point_discord_py_at(local_discord, monkeypatch)
    await sqlite_database.write(lambda conn: conn.execute(update(accounts_table).values(credits_remaining=500)))
    with ExitStack() as stack:
        built = Installation(local_discord, local_studio, sqlite_database, tmp_path, monkeypatch, stack)
        built.set(
            DISCORD_TOKEN=local_discord.token,
            DISCORD_API_BASE=local_discord.api_base,
            DISCORD_GATEWAY_URL=local_discord.gateway_url,
            STUDIO_API_KEY=local_studio.api_key,
            STUDIO_BASE_URL=local_studio.base_url,
            DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}",
            HEALTH_ADDRESS="127.0.0.1:1024",
            BACKUP_FOLDER=str(tmp_path / "copies"),
        )
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(9 << 40, 0, 9 << 40))
        yield built


@pytest.fixture
async def local_discord() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox() as running:
        yield running


@pytest.fixture
async def local_studio() -> AsyncIterator[StudioSandbox]:
    async with StudioSandbox(render=False) as running:
        yield running


async def test_a_healthy_installation_has_nothing_to_be_done(installation: Installation) -> None:
    found = await installation.examined()
    assert [finding for finding in found if finding.level is not Level.OK] == []
    assert {finding.subject for finding in found} >= {
        "version", "settings", "token", "intents", "invite", "permissions", "sessions", "servers", "owners", "provider",
        "models", "clock", "database", "ledger", "in use", "hourly use", "balance", "disk", "tools", "health", "files",
    }  # fmt: skip
    assert sum(finding.subject == "clock" for finding in found) == 2, "Discord's and the provider's"


Fault = Callable[[Installation], Awaitable[None] | None]


def setting(**settings: str) -> Fault:
    return lambda here: here.set(**settings)


def portal(**fields: Any) -> Fault:
    return lambda here: here.discord.world.portal.update(fields)


def garbled(route: Route) -> Fault:
    def fault(here: Installation) -> None:
        here.studio.faults.add("garbage", route, style="wrong_json")

    return fault


def an_old_account(here: Installation) -> None:
    here.studio.account.api_allowed = False


def no_folder(here: Installation) -> None:
    here.set(DATABASE_URL="sqlite+aiosqlite:////proc/nowhere/bot.db")


def without_permissions(here: Installation) -> None:
    guild = next(iter(here.discord.world.guilds.values()))
    for role in guild.roles.values():
        role.permissions = 0


def alone(here: Installation) -> None:
    here.discord.world.guilds.clear()


async def a_wrong_counter(here: Installation) -> None:
    await here.database.write(ensure_guild, 1, GuildDefaults(100), 0.0)
    wrong = {"guild_id": 1, "tally": "guild", "subject_id": 0, "period": "month", "period_key": "2026-11"}
    wrong |= {"held": 5, "spent": 0, "open_holds": 1}
    await here.database.write(lambda conn: conn.execute(usage_table.insert().values(wrong)))


async def a_newer_database(here: Installation) -> None:
    await here.database.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))


async def no_balance(here: Installation) -> None:
    await here.database.write(lambda conn: conn.execute(update(accounts_table).values(credits_remaining=0)))


async def a_job_nobody_can_tell_of(here: Installation) -> None:
    job = {
        "id": "a", "interaction_id": 1, "account_id": OWNER_ACCOUNT, "guild_id": 1, "channel_id": 1, "member_id": 1,
        "model_slug": "m", "model_name": "M", "request": {}, "payload": {}, "state": JobState.UNRESOLVED, "held": 1,
        "price_certain": True, "created_at": 1.0, "attempts": 1,
    }  # fmt: skip
    await here.database.write(lambda conn: conn.execute(jobs_table.insert().values(job)))


async def a_full_hour(here: Installation) -> None:
    await a_job_nobody_can_tell_of(here)
    await here.database.write(lambda conn: conn.execute(update(accounts_table).values(hourly_posts=1)))
    post = {"account_id": OWNER_ACCOUNT, "job_id": "a", "at": time.time()}
    await here.database.write(lambda conn: conn.execute(posts_table.insert().values(post)))


def open_files(here: Installation) -> None:
    (here.folder / ".env").chmod(0o644)


def old_copies(here: Installation) -> None:
    for _, path in dated_copies(here.folder / "copies"):
        path.rename(path.with_name(dated_name(time.time() - 3 * 86_400)))


def a_full_disk(here: Installation) -> None:
    here.patch.setattr(shutil, "disk_usage", lambda _: Disk(1 << 40, 1 << 40, 1 << 20))


def a_wrong_clock(here: Installation) -> None:
    now = time.time
    here.patch.setattr(discord_checks, "time", SimpleNamespace(time=lambda: now() + 3600))


def without(module: str) -> Fault:
    def fault(here: Installation) -> None:
        find = importlib.util.find_spec
        here.patch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))

    return fault


def a_taken_port(here: Installation) -> None:
    taken = here.until_the_end.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers, and nobody else can have it
    here.set(HEALTH_ADDRESS=f"127.0.0.1:{taken.getsockname()[1]}")


AWAY, NOWHERE = "http://127.0.0.1:1", "postgresql+asyncpg://127.0.0.1:1/x"
"""Addresses at which nothing answers."""

FAULTS: dict[str, tuple[Fault, Level, str, str]] = {
    # what is wrong: the fault, how bad it is, a part of the finding, and a part of its cure
    "no token": (setting(DISCORD_TOKEN=""), Level.FAIL, "DISCORD_TOKEN is missing", ".env"),
    "a revoked token": (setting(DISCORD_TOKEN="another"), Level.FAIL, "does not accept this token", "Reset Token"),
    "a wrong number": (setting(DEFAULT_GUILD_CREDITS="many"), Level.FAIL, "DEFAULT_GUILD_CREDITS is wrong", ".env"),
    "Discord is away": (setting(DISCORD_API_BASE=AWAY), Level.FAIL, "cannot be reached", "network"),
    "commands go elsewhere": (portal(interactions_endpoint_url="https://x"), Level.FAIL, "Endpoint URL", "Empty"),
    "no link works": (portal(bot_require_code_grant=True), Level.FAIL, "Code Grant is on", "Switch it off"),
    "a public bot": (portal(bot_public=True), Level.WARN, "strangers can invite", "switch Public Bot off"),
    "permissions": (without_permissions, Level.WARN, "Film Club: View Channels, Send Messages", "Server Settings"),
    "no server": (alone, Level.WARN, "in no server", "invite link"),
    "an unknown owner": (setting(OWNER_IDS="999999999999999999"), Level.FAIL, "knows nobody", "OWNER_IDS"),
    "a wrong key": (setting(STUDIO_API_KEY="wrong"), Level.FAIL, "does not accept this key", "STUDIO_API_KEY"),
    "an old account": (an_old_account, Level.FAIL, "does not let", "legacy"),
    "the provider is away": (setting(STUDIO_BASE_URL=AWAY), Level.FAIL, "could not be asked", "network"),
    "no models": (garbled("models"), Level.FAIL, "is understood", "--catalogue"),
    "no history": (garbled("history"), Level.WARN, "history", "--capture"),
    "no models file": (setting(MODELS_FILE="/nowhere/x.toml"), Level.FAIL, "MODELS_FILE is wrong", "docs/provider.md"),
    "a wrong clock": (a_wrong_clock, Level.FAIL, "s ahead of Discord's", "timedatectl"),
    "no folder": (no_folder, Level.FAIL, "cannot be made", "DATABASE_URL"),
    "no database": (setting(DATABASE_URL=NOWHERE), Level.FAIL, "cannot be opened", "DATABASE_URL"),
    "a newer database": (a_newer_database, Level.FAIL, "of version 9999", "DATABASE_URL"),
    "a wrong counter": (a_wrong_counter, Level.FAIL, "1:", "repair"),
    "no credits": (no_balance, Level.FAIL, "0 credits were left", "Buy credits"),
    "a full hour": (a_full_hour, Level.WARN, "1 of 1 requests", "own key"),
    "a full disk": (a_full_disk, Level.FAIL, "0.0 GiB are free", "Make room"),
    "no PyAV": (without("av"), Level.WARN, "av is missing", "`video`"),
    "no charts": (without("matplotlib"), Level.WARN, "matplotlib is missing", "`charts`"),
    "a taken port": (a_taken_port, Level.FAIL, "is taken", "port"),
    "no health page": (setting(HEALTH_ADDRESS=""), Level.WARN, "HEALTH_ADDRESS is empty", "127.0.0.1:8080"),
    "no copies": (setting(BACKUP_FOLDER=""), Level.WARN, "makes no copies", "BACKUP_FOLDER"),
    "old copies": (old_copies, Level.WARN, "3.0 days old", "log"),
    "readable secrets": (open_files, Level.WARN, ".env", "chmod 600"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_found_and_its_cure_is_named(name: str, installation: Installation) -> None:
    fault, level, said, cure = FAULTS[name]
    if (prepared := fault(installation)) is not None:
        await prepared
    found = await installation.examined()
    assert any(one.level is level and said in one.text and cure in one.cure for one in found), text_report(found)
    assert worst(found) is level
    assert all(one.cure for one in found if one.level is not Level.OK), "each finding says what helps"


async def test_what_does_not_hang_on_a_missing_setting_is_looked_at_all_the_same(installation: Installation) -> None:
    installation.set(DISCORD_TOKEN="", STUDIO_API_KEY="", HEALTH_ADDRESS="nowhere")
    found = await installation.examined()
    failed = {finding.subject for finding in found if finding.level is Level.FAIL}
    assert failed == {"settings", "Discord", "provider"}
    assert sum(finding.subject == "settings" for finding in found) == 3
    assert {"database", "ledger", "clock", "disk"} <= {one.subject for one in found if one.level is Level.OK}


async def test_a_part_that_fails_unforeseen_does_not_hide_the_others(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.doctor.examination.check_database", broken)
    found = await installation.examined()
    assert [finding.text for finding in found if finding.level is Level.FAIL] == [
        "Could not be looked at: ZeroDivisionError."
    ]


async def test_a_running_bot_is_asked_how_it_is(installation: Installation, unused_tcp_port: int) -> None:
    told = {"loops": {"poller": {"healthy": True}, "cards": {"healthy": True}}}

    async def health(_: web.Request) -> web.Response:
        return web.json_response(told)

    page = web.Application()
    page.add_routes([web.get("/health", health)])
    runner = web.AppRunner(page)
    await runner.setup()
    installation.set(HEALTH_ADDRESS=f"127.0.0.1:{unused_tcp_port}")
    try:
        await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
        assert worst(await installation.examined()) is Level.OK
        told["loops"]["cards"]["healthy"] = False
        [unwell] = [one for one in await installation.examined() if one.level is Level.FAIL]
        assert unwell.text.endswith("stand still: cards.")
        told.clear()
        [other] = [one for one in await installation.examined() if one.level is Level.FAIL]
        assert "Something else than a bot" in other.text
    finally:
        await runner.cleanup()


async def test_a_bot_on_the_database_is_seen_and_not_disturbed(installation: Installation) -> None:
    lock = installation.folder / "bot.db.lock"

    async def in_use() -> str:
        return next(one.text for one in await installation.examined() if one.subject == "in use")

    assert await in_use() == "No bot is running on this database."
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert await in_use() == "A bot is running on this database."
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if the doctor kept it


async def test_jobs_that_wait_for_an_owner_are_counted(installation: Installation) -> None:
    await a_job_nobody_can_tell_of(installation)
    found = await installation.examined()
    assert [one.text for one in found if one.subject == "unresolved"] == ["1 job waits for an owner's decision."]


async def test_a_database_of_either_kind_is_looked_at(installation: Installation, database_url: str) -> None:
    installation.set(DATABASE_URL=database_url)
    found = {one.subject: one for one in await installation.examined()}
    assert found["ledger"].level is Level.OK
    assert found["in use"].level is Level.OK, found["in use"]


def test_the_reports_for_people_and_for_programs_tell_the_same() -> None:
    found = [Finding("disk", Level.WARN, "little room", "Make room."), Finding("token", Level.OK, "fine")]
    assert text_report(found) == (
        "warn  disk   little room\n             -> Make room.\nok    token  fine\n1 ok, 1 warn, 0 fail"
    )
    told = json.loads(json_report(found))
    assert told["level"] == "warn"
    assert told["findings"][0] == {
        "subject": "disk", "level": "warn", "text": "little room", "cure": "Make room.", "passing": False,
    }  # fmt: skip
    assert [STATUSES[level] for level in Level] == [0, 1, 2]


async def test_the_catalogue_is_described_model_by_model(installation: Installation) -> None:
    said: list[str] = []
    provider = StudioClient(installation.studio.base_url, installation.studio.api_key)
    try:
        assert await check_catalogue(provider, {}, said.append) == 0
    finally:
        await provider.close()
    assert any("veo" in line for line in said)
