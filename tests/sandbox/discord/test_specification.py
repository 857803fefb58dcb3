"""The sandbox's own answers and events against Discord's specification, where a copy of it is at hand."""

import io
from pathlib import Path

import discord
import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import GENERAL_ID
from sandbox.discord.spec import Specification
from tests.sandbox.discord.clients import CLIP, Bot, Card, running


async def test_what_the_sandbox_answers_is_what_discord_would(
    specification: Specification, sandbox: DiscordSandbox
) -> None:
    mia = sandbox.persona("mia")
    async with running(Bot(intents=discord.Intents(guilds=True, messages=True)), sandbox) as bot:
        channel = bot.get_channel(GENERAL_ID)
        assert isinstance(channel, discord.TextChannel)
        message = await channel.send("hello", file=discord.File(io.BytesIO(CLIP), "clip.mp4"), embed=_embed())
        await message.reply("reply", mention_author=True)
        await channel.send(view=Card("clip.mp4"), file=discord.File(io.BytesIO(CLIP), "clip.mp4"))
        await (await message.create_thread(name="Details")).send("x")
        await channel.fetch_message(message.id)
        [_ async for _ in channel.history()]
        await bot.tree.fetch_commands()
        await bot.application_info()
        await (await bot.fetch_user(mia.id)).create_dm()
        guild = await bot.fetch_guild(channel.guild.id)
        await guild.fetch_member(mia.id)
        await guild.fetch_roles()
        await guild.fetch_channels()
        panel = await (await mia.slash("/panel", "general")).wait_message()
        await (await mia.press(panel, "again")).wait_response()
        modal = await mia.press(panel, "ask")
        await modal.wait_modal()
        await (await mia.submit(modal, headline="x", ratio="16:9")).wait_message()
        await (await mia.select(panel, "who", "ada")).wait_message()
        await mia.autocomplete("/search", "general", focused="model")
        await (await mia.message_menu("Remix this", panel)).wait_message()
        await (await mia.user_menu("Usage", "noah", "general")).wait_message()
        await (await mia.slash("/veo fast", "general", prompt="x")).wait_message()
    assert sandbox.record.violations() == []
    answers = [
        f"{entry.method} {entry.path} {entry.status}: {text}"
        for entry in sandbox.record.requests
        for text in specification.check_response(entry.method, entry.path, entry.status, entry.response) or ()
    ]
    assert answers == []


def _embed() -> discord.Embed:
    return (
        discord.Embed(title="T", description="D").add_field(name="n", value="v").set_image(url="attachment://clip.mp4")
    )


CHOSEN_CHANNEL = {"type": 8, "custom_id": "x", "default_values": [{"id": 1301, "type": "channel"}]}
ROW_WITH_CHOSEN_CHANNEL = {"type": 1, "components": [CHOSEN_CHANNEL]}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/channels/1/messages", {"content": "x", "attachments": [{"id": 0, "filename": "a"}]}, 0),
        ("PATCH", "/channels/1/messages/2", {"components": [ROW_WITH_CHOSEN_CHANNEL]}, 0),
        ("POST", "/users/@me/channels", {"recipient_id": 1}, 0),
        ("PATCH", "/channels/1/messages/2", {"content": "x", "tts": False}, 0),
        ("POST", "/channels/1/messages", {"content": 5}, 1),
        ("POST", "/applications/1/commands", {"name": "x" * 33, "description": "d"}, 1),
        ("GET", "/no/such/path", None, 1),
    ],
)
def test_violations_are_found_and_tolerated_deviations_are_not(
    specification: Specification, method: str, path: str, body: object, expected: int
) -> None:
    assert len(specification.check_request(method, path, body) or []) == expected


def test_without_the_document_nothing_is_checked_and_nothing_claimed(tmp_path: Path) -> None:
    absent = Specification(tmp_path / "absent.json")
    assert not absent.is_present
    assert absent.check_request("GET", "/no/such/path", None) is None
    assert absent.check_event("READY", {}) is None
