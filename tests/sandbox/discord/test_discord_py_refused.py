"""What discord.py makes of the refusals that a bot meets in its ordinary life: its exceptions, its retries."""

import asyncio

import aiohttp
import discord
import pytest

from sandbox.discord import DiscordSandbox, RestFault
from sandbox.discord.default_world import GENERAL_ID
from sandbox.discord.rest.messages import EDITS_OF_OLD_MAX
from tests.sandbox.discord.clients import Api, Bot, running

POST = f"/channels/{GENERAL_ID}/messages"


@pytest.fixture
async def interaction(sandbox: DiscordSandbox, bot: Bot) -> discord.Interaction:
    """One that the bot leaves to the test."""
    arrives = asyncio.create_task(bot.wait_for("interaction", timeout=5))
    await asyncio.sleep(0)
    await sandbox.persona("mia").slash("/silent", "general")
    return await arrives


async def test_an_answer_after_three_seconds_is_not_found(
    sandbox: DiscordSandbox, interaction: discord.Interaction
) -> None:
    sandbox.controls.advance_clock(3)
    with pytest.raises(discord.NotFound) as late:
        await interaction.response.defer()
    assert late.value.code == 10062


async def test_an_answer_repeated_because_the_first_seemed_lost_is_refused_and_was_given_once(
    sandbox: DiscordSandbox, interaction: discord.Interaction
) -> None:
    sandbox.controls.add_fault(RestFault("POST", "/interactions/*/callback", cut=True))
    with pytest.raises(aiohttp.ClientError):
        await interaction.response.defer()
    with pytest.raises(discord.HTTPException) as repeated:
        await interaction.response.defer()
    assert (repeated.value.status, repeated.value.code) == (400, 40060)
    await interaction.edit_original_response(content="there")
    assert [message.content for message in sandbox.persona("mia").read("general")] == ["there"]


async def test_after_fifteen_minutes_the_answer_is_reached_as_a_message_only(
    sandbox: DiscordSandbox, bot: Bot, interaction: discord.Interaction
) -> None:
    await interaction.response.defer()
    sandbox.controls.advance_clock(15 * 60 - 1)
    message = await interaction.edit_original_response(content="in time")
    sandbox.controls.advance_clock(1)
    for edit in (interaction.edit_original_response, message.edit):
        with pytest.raises(discord.HTTPException) as late:
            await edit(content="late")
        assert (late.value.status, late.value.code) == (401, 50027)
        assert not isinstance(late.value, discord.NotFound | discord.Forbidden)
    await bot.get_partial_messageable(GENERAL_ID).get_partial_message(message.id).edit(content="by id")
    assert [message.content for message in sandbox.persona("mia").read("general")] == ["by id"]


async def test_edits_of_old_messages_are_limited_for_longer_than_a_bot_would_wait(sandbox: DiscordSandbox) -> None:
    async with running(Bot(max_ratelimit_timeout=30), sandbox) as bot:
        message = await bot.get_partial_messageable(GENERAL_ID).send("old")
        sandbox.controls.advance_clock(3601)
        sandbox.controls.set_rate_limits(True)
        for number in range(EDITS_OF_OLD_MAX):
            await message.edit(content=str(number))
        with pytest.raises(discord.RateLimited) as limited:
            await message.edit(content="one too many")
    assert limited.value.retry_after > 3000
    assert sandbox.record.requests[-1].code == 30046


async def test_discord_py_keeps_to_a_bucket_whose_headers_it_has_seen(sandbox: DiscordSandbox, bot: Bot) -> None:
    messages = [await bot.get_partial_messageable(GENERAL_ID).send(str(number)) for number in range(7)]
    sandbox.controls.set_rate_limits(True)
    await asyncio.gather(*(message.delete() for message in messages))
    assert [entry.status for entry in sandbox.record.requests_to("DELETE", POST)] == [204] * 7


async def test_discord_py_waits_out_a_bucket_that_someone_else_has_emptied(
    sandbox: DiscordSandbox, bot: Bot, api: Api
) -> None:
    *others, own = [await bot.get_partial_messageable(GENERAL_ID).send(str(number)) for number in range(6)]
    sandbox.controls.set_rate_limits(True)
    for message in others:
        await api("DELETE", f"{POST}/{message.id}")
    await own.delete()
    assert [entry.status for entry in sandbox.record.requests_to("DELETE", POST)] == [204] * 5 + [429, 204]
