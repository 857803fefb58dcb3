"""docs/sandbox.md: each of its examples is run as it stands there, only at another port."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.discord import DiscordSandbox
from sandbox.discord.control.controls_routes import ControlsRoutes
from sandbox.discord.control.people_routes import PeopleRoutes
from tests.sandbox.discord.clients import Api
from tests.sandbox.discord.node import discord_js

PROJECT = Path(__file__).resolve().parents[3]
PAGE = (PROJECT / "docs" / "sandbox.md").read_text()
ADDRESS = "127.0.0.1:9000"
SECONDS_MAX = 40

pytestmark = pytest.mark.xdist_group("discord_js")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def at(sandbox: DiscordSandbox, example: str) -> str:
    assert ADDRESS in example
    return example.replace(ADDRESS, sandbox.url.removeprefix("http://"))


@asynccontextmanager
async def process(*command: str, folder: Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Output and errors together; ended at the end."""
    running = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def shell(script: str, folder: Path) -> list[str]:
    """Return the lines that it prints; an answer that is an error ends it."""
    checked = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n' + script
    async with process("bash", "-c", checked, folder=folder) as running, asyncio.timeout(SECONDS_MAX):
        said = (await running.communicate())[0].decode()
    assert running.returncode == 0, said
    return said.splitlines()


@pytest.fixture(params=["python", "js"])
async def hello_bot(sandbox: DiscordSandbox, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[None]:
    """The page's bot in one of its two languages, once it hears commands."""
    if request.param == "js":
        file, command, environment = "hello_bot.cjs", "node", {"NODE_PATH": str(discord_js())}
    else:
        file, command, environment = "hello_bot.py", sys.executable, {}
    (tmp_path / file).write_text(at(sandbox, blocks(request.param)[0]))
    async with process(command, file, folder=tmp_path, **environment):
        await sandbox.wait_for(
            lambda: sandbox.core.commands.all(None) and sandbox.core.gateway.connected_shards(), SECONDS_MAX
        )
        yield


async def test_acting_and_reading_with_curl(sandbox: DiscordSandbox, hello_bot: None, tmp_path: Path) -> None:
    if not (shutil.which("curl") and shutil.which("jq")):
        pytest.skip("the page's examples need curl and jq")
    acting, reading, controls = (at(sandbox, script) for script in blocks("sh"))
    assert await shell(acting, tmp_path) == ["hello", '"answered"', '"Hello Mia!"', '"answered"', "notes.txt"]
    shards, *entries, violations = await shell(reading, tmp_path)
    assert (shards, violations) == ("[[0,1]]", "[]")
    assert len(entries) == 3 + 3 + 2
    assert entries[-2:] == ['["Hello Mia!",1]', '["see",0]']
    before = sandbox.clock.now()
    await shell(controls, tmp_path)
    assert sandbox.clock.now() - before >= 900
    assert [fault.status for fault in sandbox.core.faults.pending] == [503]


async def test_the_example_of_a_test(tmp_path: Path) -> None:
    bot, example = blocks("python")
    (tmp_path / "hello_bot.py").write_text(bot)
    (tmp_path / "example.py").write_text(example)
    async with process(sys.executable, "example.py", folder=tmp_path) as running, asyncio.timeout(SECONDS_MAX):
        said = (await running.communicate())[0].decode()
    assert running.returncode == 0, said


async def test_each_control_is_listed_and_takes_the_body_that_is_shown(sandbox: DiscordSandbox, api: Api) -> None:
    said = await sandbox.persona("mia").say("general", "x")
    listed = re.findall(r"^\| `([a-z-]+)` \| `(\{.*?\})` \|", PAGE, flags=re.MULTILINE)
    for name, body in listed:
        url, data = f"{sandbox.url}/sandbox/controls/{name}", body.replace("123", str(said.id))
        async with api.session.post(url, data=data) as response:
            assert response.status == 200, (name, await response.text())
    assert {name for name, _ in listed} == last_parts(ControlsRoutes(sandbox.core, sandbox.controls).routes())


async def test_each_thing_that_a_person_can_do_is_listed(sandbox: DiscordSandbox) -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| [^{\n]*\|$", PAGE.partition("## Reading")[0], flags=re.MULTILINE)
    routes = PeopleRoutes(sandbox.core, sandbox.persona).routes()
    assert set(listed) - set(sandbox.world.personas) == last_parts(route for route in routes if route.method == "POST")


def last_parts(routes: Iterable[web.RouteDef]) -> set[str]:
    return {route.path.rpartition("/")[2] for route in routes}
