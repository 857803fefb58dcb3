"""Sessions: login, shards, lost connections, and what the gateway closes with."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands

from sandbox.discord import PRIVILEGED, DiscordSandbox
from sandbox.discord.default_world import FILM_CLUB_ID, NIGHT_OWLS_ID
from tests.sandbox.discord.clients import Bot, running
from tests.support.discord_py import point_discord_py_at


def sent_events(sandbox: DiscordSandbox, name: str) -> list[Any]:
    return [event.data for event in sandbox.record.events if event.name == name]


def received_ops(sandbox: DiscordSandbox) -> list[int]:
    return [event.op for event in sandbox.record.events if event.direction == "from bot" and event.op != 1]


async def test_a_bot_logs_in_and_sees_its_guilds(sandbox: DiscordSandbox, bot: Bot) -> None:
    assert bot.user is not None
    assert bot.user.name == "reelmaker"
    assert {guild.name for guild in bot.guilds} == {"Film Club", "Night Owls"}
    assert bot.application_id == sandbox.world.application_id


async def test_a_wrong_token_is_refused(sandbox: DiscordSandbox) -> None:
    async with Bot() as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    assert sandbox.record.requests[-1].status == 401


async def test_two_shards_have_one_guild_each(sandbox: DiscordSandbox) -> None:
    async with running(Bot(shard_count=2), sandbox) as bot:
        assert sandbox.core.gateway.connected_shards() == [(0, 2), (1, 2)]
        shards = {guild.id: guild.shard_id for guild in bot.guilds}
        assert shards == {FILM_CLUB_ID: 0, NIGHT_OWLS_ID: 1}
        invocation = await sandbox.persona("zoe").slash("/veo fast", "lobby", prompt="owl")
        assert (await invocation.wait_message()).content.startswith("owl")


@pytest.mark.parametrize("presences", [True, False])
async def test_a_bot_of_the_old_kind_reads_messages_and_members(
    presences: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    intents = discord.Intents.all()
    # With presences the members come with their guild; without, they are asked for.
    intents.presences = presences
    client = commands.Bot("!", intents=intents)

    @client.command()
    async def members(context: commands.Context[Any]) -> None:
        assert context.guild is not None
        await context.reply(" ".join(sorted(member.display_name for member in context.guild.members)))

    async with DiscordSandbox(privileged_intents=PRIVILEGED) as sandbox:
        point_discord_py_at(sandbox, monkeypatch)
        async with running(client, sandbox):
            said = await sandbox.persona("mia").say("general", "!members")
            await sandbox.wait_for(lambda: len(sandbox.record.messages()) == 2)
        answer = sandbox.record.messages()[1]
        assert (answer.content, answer.reply_to) == ("Ada Mia Noah Omar reelmaker", said.id)
        assert sandbox.record.violations() == []


async def test_a_lost_connection_is_resumed_and_what_was_missed_arrives_once(sandbox: DiscordSandbox, bot: Bot) -> None:
    assert sandbox.controls.disconnect() == 1
    invocation = await sandbox.persona("mia").slash("/veo fast", "general", prompt="meanwhile")
    assert (await invocation.wait_message()).content.startswith("meanwhile")
    await sandbox.wait_for(lambda: sent_events(sandbox, "RESUMED"))
    assert bot.handled == ["meanwhile"]
    assert len(sent_events(sandbox, "READY")) == 1
    assert received_ops(sandbox) == [2, 6]


async def test_an_invalid_session_makes_the_bot_identify_again(sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.controls.disconnect(resumable=False)
    await sandbox.wait_for(lambda: len(sent_events(sandbox, "READY")) == 2)
    assert received_ops(sandbox) == [2, 2]
    invocation = await sandbox.persona("mia").slash("/veo fast", "general", prompt="after")
    assert (await invocation.wait_message()).content.startswith("after")


@pytest.fixture
async def brisk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSandbox]:
    """A Discord that asks for heartbeats twice a second."""
    async with DiscordSandbox(heartbeat_interval_seconds=0.5) as sandbox:
        point_discord_py_at(sandbox, monkeypatch)
        yield sandbox


async def test_a_bot_whose_heartbeats_stop_loses_its_session_and_begins_a_new_one(brisk: DiscordSandbox) -> None:
    async with running(Bot(), brisk) as bot:
        # As when its process hangs for a while; discord.py has no public way to it.
        keep_alive = bot.shards[0]._parent.ws._keep_alive
        assert keep_alive is not None
        keep_alive.stop()
        await brisk.wait_for(lambda: len(sent_events(brisk, "READY")) == 2)
        assert received_ops(brisk) == [2, 6, 2]
        invocation = await brisk.persona("mia").slash("/veo fast", "general", prompt="after")
        assert (await invocation.wait_message()).content.startswith("after")


async def test_a_bot_whose_heartbeats_are_not_answered_connects_anew_and_misses_nothing(brisk: DiscordSandbox) -> None:
    async with running(Bot(heartbeat_timeout=0.7), brisk):
        assert brisk.controls.fall_silent() == 1
        invocation = await brisk.persona("mia").slash("/search", "general", model="unheard")
        assert (await invocation.wait_message()).content == "unheard"
        assert received_ops(brisk) == [2, 6]


async def test_a_bot_that_is_asked_to_reconnect_resumes(sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.controls.ask_to_reconnect()
    await sandbox.wait_for(lambda: sent_events(sandbox, "RESUMED"))


async def test_a_deleted_channel_disappears_for_the_bot(sandbox: DiscordSandbox, bot: Bot) -> None:
    gone = asyncio.create_task(bot.wait_for("guild_channel_delete", timeout=5))
    await asyncio.sleep(0)
    sandbox.controls.delete_channel("videos")
    assert (await gone).name == "videos"


class Raw:
    """A gateway client that does exactly what it is told."""

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, *, compressed: bool = False) -> None:
        self.websocket = websocket
        self._decompressor = zlib.decompressobj() if compressed else None

    async def receive(self) -> Any:
        message = await self.websocket.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.BINARY and self._decompressor:
            return json.loads(self._decompressor.decompress(message.data))
        return json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else self.websocket.close_code

    async def identify(self, token: str, **fields: Any) -> Any:
        await self.websocket.send_json({"op": 2, "d": {"token": token, "intents": 1, "properties": {}, **fields}})
        return await self.receive()


@pytest.fixture
async def session() -> Any:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("query", ["v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream"])
async def test_plain_text_and_zlib_stream_say_the_same(
    sandbox: DiscordSandbox, session: aiohttp.ClientSession, query: str
) -> None:
    async with session.ws_connect(f"{sandbox.gateway_url}?{query}") as websocket:
        raw = Raw(websocket, compressed="zlib" in query)
        assert (await raw.receive())["op"] == 10
        ready = await raw.identify(sandbox.token)
        assert ready["t"] == "READY"
        assert ready["d"]["resume_gateway_url"] == sandbox.gateway_url
        assert (await raw.receive())["t"] == "GUILD_CREATE"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": "sandbox-token", "intents": 1 << 15}}, 4014),
        ({"op": 2, "d": {"token": "sandbox-token", "intents": -1}}, 4013),
        ({"op": 2, "d": {"token": "sandbox-token", "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 99}, 4001),
        ("nonsense", 4002),
        ({"op": 1, "d": "x" * 5000}, 4002),
    ],
)
async def test_the_gateway_closes_with_discords_codes(
    sandbox: DiscordSandbox, session: aiohttp.ClientSession, payload: Any, code: int
) -> None:
    async with session.ws_connect(sandbox.gateway_url) as websocket:
        raw = Raw(websocket)
        await raw.receive()
        await websocket.send_json(payload)
        assert await raw.receive() == code


async def test_a_connection_without_heartbeats_is_closed(session: aiohttp.ClientSession) -> None:
    async with (
        DiscordSandbox(heartbeat_interval_seconds=0.05) as sandbox,
        session.ws_connect(sandbox.gateway_url) as websocket,
    ):
        raw = Raw(websocket)
        await raw.receive()
        ready = await raw.identify(sandbox.token, intents=0)
        assert await raw.receive() == 4009
        async with session.ws_connect(sandbox.gateway_url) as again:
            raw = Raw(again)
            await raw.receive()
            resume = {"token": sandbox.token, "session_id": ready["d"]["session_id"], "seq": 1}
            await again.send_json({"op": 6, "d": resume})
            assert await raw.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_two_identifies_within_five_seconds_invalidate_the_second_when_limits_are_on(
    sandbox: DiscordSandbox, session: aiohttp.ClientSession
) -> None:
    sandbox.controls.set_rate_limits(True)
    for expected in (0, 9):
        async with session.ws_connect(sandbox.gateway_url) as websocket:
            raw = Raw(websocket)
            await raw.receive()
            assert (await raw.identify(sandbox.token))["op"] == expected


@pytest.mark.parametrize(("intents", "content"), [(1 << 9, ""), (1 << 9 | 1 << 15, "hello")])
async def test_message_content_needs_its_intent(session: aiohttp.ClientSession, intents: int, content: str) -> None:
    async with (
        DiscordSandbox(privileged_intents=1 << 15) as sandbox,
        session.ws_connect(sandbox.gateway_url) as websocket,
    ):
        raw = Raw(websocket)
        await raw.receive()
        assert (await raw.identify(sandbox.token, intents=intents))["t"] == "READY"
        await sandbox.persona("mia").say("general", "hello")
        event = await raw.receive()
        assert (event["t"], event["d"]["content"]) == ("MESSAGE_CREATE", content)
