"""Faults that are switched on, real rate limits, and time."""

import aiohttp
import discord
import pytest

from sandbox.discord import DiscordSandbox, RestFault
from sandbox.discord.default_world import GENERAL_ID
from tests.sandbox.discord.clients import Api, Bot

POST = f"/channels/{GENERAL_ID}/messages"
ANY_MESSAGE = "/channels/*/messages"


def statuses(sandbox: DiscordSandbox) -> list[int]:
    return [entry.status for entry in sandbox.record.requests if entry.path == POST]


async def test_a_429_is_retried_by_discord_py_because_it_carries_via(sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.controls.add_fault(RestFault("POST", ANY_MESSAGE, status=429, retry_after_seconds=0.01))
    await bot.get_partial_messageable(GENERAL_ID).send("x")
    assert statuses(sandbox) == [429, 200]
    assert len(sandbox.record.messages(GENERAL_ID)) == 1


async def test_a_503_reaches_the_bot_and_nothing_was_done(sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.controls.add_fault(RestFault("POST", ANY_MESSAGE, status=503, times=2))
    channel = bot.get_partial_messageable(GENERAL_ID)
    for _ in range(2):
        with pytest.raises(discord.DiscordServerError):
            await channel.send("x")
    await channel.send("x")
    assert statuses(sandbox) == [503, 503, 200]
    assert sandbox.core.faults.pending == []


@pytest.mark.parametrize(("process", "posted"), [(True, 1), (False, 0)])
async def test_a_cut_connection_leaves_it_open_whether_it_was_done(
    sandbox: DiscordSandbox, api: Api, process: bool, posted: int
) -> None:
    sandbox.controls.add_fault(RestFault("POST", ANY_MESSAGE, cut=True, process=process))
    with pytest.raises(aiohttp.ClientError):
        await api("POST", POST, {"content": "x", "nonce": "n", "enforce_nonce": True})
    assert len(sandbox.record.messages(GENERAL_ID)) == posted
    await api("POST", POST, {"content": "x", "nonce": "n", "enforce_nonce": True})
    assert len(sandbox.record.messages(GENERAL_ID)) == 1
    assert statuses(sandbox) == [0, 200]


async def test_latency_delays_the_answer(sandbox: DiscordSandbox, api: Api) -> None:
    sandbox.controls.add_fault(RestFault("GET", "/users/@me", latency_seconds=0.05))
    await api("GET", "/users/@me")
    await api("GET", "/users/@me")
    delayed, plain = [entry.duration_seconds for entry in sandbox.record.requests]
    assert delayed >= 0.05 > plain


async def test_a_bucket_is_enforced_with_discords_headers_when_limits_are_on(sandbox: DiscordSandbox, api: Api) -> None:
    sandbox.controls.set_rate_limits(True)
    headers = {"Authorization": f"Bot {sandbox.token}"}

    async def post() -> aiohttp.ClientResponse:
        url = sandbox.api_base + POST
        async with api.session.post(url, headers=headers, json={"content": "x"}) as response:
            await response.read()
            return response

    for left in (4, 3, 2, 1, 0):
        response = await post()
        assert (response.status, response.headers["X-RateLimit-Remaining"]) == (200, str(left))
    refused = await post()
    body = await refused.json()
    assert refused.status == 429
    assert refused.headers["Via"]
    assert float(refused.headers["Retry-After"]) == pytest.approx(body["retry_after"])
    assert body["global"] is False
    sandbox.controls.advance_clock(body["retry_after"] + 0.01)
    assert (await post()).status == 200


async def test_the_global_limit_does_not_bind_interactions(sandbox: DiscordSandbox, api: Api) -> None:
    sandbox.controls.set_rate_limits(True)
    codes = [(await api("GET", f"/channels/{number}"))[0] for number in range(1000, 1051)]
    assert codes[-1] == 429
    assert (await api("POST", "/interactions/1/x/callback", {"type": 5}))[0] == 404


async def test_waiting_is_woken_by_the_clock(sandbox: DiscordSandbox) -> None:
    before = sandbox.clock.now()
    sandbox.controls.advance_clock(3600)
    assert sandbox.clock.now() - before >= 3600
    await sandbox.clock.sleep_until(before + 3600)
    with pytest.raises(TimeoutError):
        await sandbox.wait_for(lambda: None, timeout=0.01)
    with pytest.raises(ValueError, match="forward"):
        sandbox.controls.advance_clock(-1)
