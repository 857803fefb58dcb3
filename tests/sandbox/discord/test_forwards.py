"""Forwards: another message as it is now, and what Discord refuses to forward."""

import io
from typing import Any

import discord

from sandbox.discord import DiscordSandbox, Permission
from sandbox.discord.default_world import GENERAL_ID, STAFF_ID, VIDEOS_ID
from sandbox.discord.spec import Specification
from tests.sandbox.discord.clients import CLIP, Api, Bot

POST = f"/channels/{GENERAL_ID}/messages"
FORWARD = 1
HAS_SNAPSHOT = 1 << 14


def reference(message_id: int | str, channel_id: int = VIDEOS_ID) -> dict[str, Any]:
    return {"message_reference": {"type": FORWARD, "message_id": str(message_id), "channel_id": str(channel_id)}}


async def test_a_forward_shows_the_message_as_it_was_then(
    specification: Specification, sandbox: DiscordSandbox, bot: Bot
) -> None:
    videos, general = bot.get_partial_messageable(VIDEOS_ID), bot.get_partial_messageable(GENERAL_ID)
    embed = discord.Embed(title="T")
    original = await videos.send("a film", file=discord.File(io.BytesIO(CLIP), "clip.mp4"), embed=embed)
    forward = await original.forward(general)
    assert (forward.content, forward.attachments, forward.flags.value) == ("", [], HAS_SNAPSHOT)
    assert forward.reference is not None
    assert (forward.reference.type, forward.reference.message_id) == (discord.MessageReferenceType.forward, original.id)
    await original.edit(content="another film", attachments=[])
    await original.delete()
    seen = await general.fetch_message(forward.id)
    (shown,) = seen.message_snapshots
    assert (shown.content, [file.filename for file in shown.attachments]) == ("a film", ["clip.mp4"])
    assert await shown.attachments[0].read() == CLIP
    again = await seen.forward(videos)
    assert again.message_snapshots[0].content == "a film", "a forward of a forward shows what that one shows"
    fact = sandbox.record.facts[forward.id]
    assert (fact.forward_of, fact.reply_to, fact.mentions) == (original.id, None, [])
    answers = [
        f"{entry.method} {entry.path} {entry.status}: {text}"
        for entry in sandbox.record.requests
        for text in specification.check_response(entry.method, entry.path, entry.status, entry.response) or ()
    ]
    assert answers == []


async def test_the_same_nonce_forwards_once(api: Api, sandbox: DiscordSandbox) -> None:
    _, original = await api("POST", f"/channels/{VIDEOS_ID}/messages", {"content": "a film"})
    body = reference(original["id"]) | {"nonce": "job-show", "enforce_nonce": True}
    (_, first), (_, second) = await api("POST", POST, body), await api("POST", POST, body)
    assert first["id"] == second["id"]
    assert len(sandbox.record.messages(GENERAL_ID)) == 1


async def test_what_discord_does_not_forward(api: Api, sandbox: DiscordSandbox) -> None:
    _, original = await api("POST", f"/channels/{VIDEOS_ID}/messages", {"content": "a film"})
    message_id = original["id"]
    said = await sandbox.persona("ada").say("staff", "a secret")
    assert await api.refused("POST", POST, reference(said.id, STAFF_ID)) == (403, 160014, "")
    assert await api.refused("POST", POST, reference(message_id) | {"content": "look"}) == (400, 160011, "")
    assert await api.refused("POST", POST, reference(1)) == (400, 160008, "")
    assert await api.refused("POST", POST, reference(message_id, 1)) == (404, 10003, "")
    without: dict[str, Any] = {"message_reference": {"type": FORWARD, "message_id": message_id}}
    expected = "message_reference/channel_id: BASE_TYPE_REQUIRED"
    assert await api.refused("POST", POST, without) == (400, 50035, expected)
    sandbox.controls.set_permission("videos", Permission.READ_MESSAGE_HISTORY, False)
    assert await api.refused("POST", POST, reference(message_id)) == (403, 160009, "")
    sandbox.controls.set_permission("videos", Permission.READ_MESSAGE_HISTORY, None)
    sandbox.world.channels[VIDEOS_ID].nsfw = True
    assert await api.refused("POST", POST, reference(message_id)) == (400, 160010, "")
    sandbox.world.channels[GENERAL_ID].nsfw = True
    assert (await api("POST", POST, reference(message_id)))[0] == 200
