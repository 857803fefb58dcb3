"""discord.js, which shares no code with discord.py, finds the same Discord here."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import GENERAL_ID, MIA_ID
from sandbox.discord.model import Json
from tests.sandbox.discord.node import PACKAGE, discord_js

START_SECONDS_MAX = 30
PICTURE = LocalFile("cat.png", bytes(range(256)))

pytestmark = pytest.mark.xdist_group("discord_js")
"""In one process, so that it is installed once."""


@pytest.fixture(scope="module")
def modules() -> Path:
    return discord_js()


@asynccontextmanager
async def second_client(sandbox: DiscordSandbox, modules: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield the bot of bot.cjs, ready. It ends with an error if anything that it awaited was refused."""
    environment = {
        "NODE_PATH": str(modules),
        "DISCORD_API": sandbox.url + "/api",
        "DISCORD_TOKEN": sandbox.token,
        "CHANNEL_ID": str(GENERAL_ID),
        "USER_ID": str(MIA_ID),
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        str(PACKAGE / "bot.cjs"),
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            ready = await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        _, said = await process.communicate()
    assert (ready, process.returncode) == (b"ready\n", 0), said.decode()


async def test_discord_js_finds_the_same_discord(modules: Path) -> None:
    # With two places for IDENTIFYs its two shards need not wait five seconds for each other.
    async with DiscordSandbox(max_concurrency=2) as sandbox:
        mia = sandbox.persona("mia")
        async with second_client(sandbox, modules):
            assert sandbox.core.gateway.connected_shards() == [(0, 2), (1, 2)]
            await posts_are_there(mia)
            await commands_are_answered(sandbox, mia)
            await a_lost_connection_is_resumed(sandbox, mia)
        assert [(entry.path, entry.code) for entry in sandbox.record.requests if entry.status >= 400] == []
        assert sandbox.record.violations() == []
        checked = any(entry.violations is not None for entry in sandbox.record.requests)
        assert checked == sandbox.core.specification.is_present


async def downloaded(attachment: Json) -> tuple[str, bytes]:
    """Type and content."""
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        return response.content_type, await response.read()


async def posts_are_there(mia: Persona) -> None:
    first, reply = mia.read_payloads("general")
    assert (first["content"], first["reactions"][0]["emoji"]["name"]) == ("edited", "👍")
    assert await downloaded(first["attachments"][0]) == ("text/plain", b"12345")
    assert reply["message_reference"]["message_id"] == first["id"]
    assert first["thread"]["name"] == "Details"
    assert [message.content for message in mia.read(int(first["id"]))] == ["inside"]
    *_, private = mia.channels()
    assert [message.content for message in mia.read(private)] == ["in private"]


async def commands_are_answered(sandbox: DiscordSandbox, mia: Persona) -> None:
    echo = await mia.slash("/echo", "general", text="hi", times=2, file=PICTURE)
    panel = await echo.wait_message()
    await sandbox.wait_for(lambda: len(echo.messages) == 2)
    assert [(message.content, message.visible_to) for message in echo.messages] == [("hi hi", None), ("done", mia.id)]
    payload = next(one for one in mia.read_payloads("general") if one["id"] == str(panel.id))
    assert await downloaded(payload["attachments"][0]) == ("image/png", PICTURE.data)

    assert await mia.autocomplete("/find", "general", focused="word", word="ab") == [{"name": "ab!", "value": "found"}]
    assert (await (await mia.select(panel, "ratio", "9:16")).wait_message()).content == "9:16"
    asked = await mia.press(panel, "ask")
    await asked.wait_modal()
    assert (await (await mia.submit(asked, headline="Cats")).wait_message()).content == "Cats"
    counted = await (await mia.message_menu("Length", panel)).wait_message()
    assert counted.content == "5 characters"
    await (await mia.press(panel, "again")).wait_response()
    assert panel.content == "again!"


async def a_lost_connection_is_resumed(sandbox: DiscordSandbox, mia: Persona) -> None:
    """Mia's guild is on shard 0; what she does meanwhile is replayed."""
    assert sandbox.controls.disconnect(shard=0) == 1
    missed = await mia.slash("/echo", "general", text="missed")
    assert (await missed.wait_message()).content == "missed"
    assert [event.op for event in sandbox.record.events if event.direction == "from bot" and event.op != 1] == [2, 2, 6]
