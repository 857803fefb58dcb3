"""Messages over REST: what Discord refuses, with its codes and paths, and what it does with what it takes."""

import io
from typing import Any

import discord
import pytest

from sandbox.discord import DiscordSandbox, LocalFile, Permission
from sandbox.discord.default_world import GENERAL_ID, LOBBY_ID, STAFF_ID, VIDEOS_ID
from tests.sandbox.discord.clients import CLIP, Api, Bot

POST = f"/channels/{GENERAL_ID}/messages"
V2 = 1 << 15


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **fields}


def select(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}], **fields}


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("nothing at all", {}, 50006, ""),
    ("only emptiness", {"content": " ", "embeds": []}, 50006, ""),
    ("content too long", {"content": "x" * 2001}, 50035, "content: BASE_TYPE_MAX_LENGTH"),
    ("content is no text", {"content": ["x"]}, 50035, "content: STRING_TYPE_CONVERT"),
    ("nonce too long", {"content": "x", "nonce": "n" * 26}, 50035, "nonce: BASE_TYPE_MAX_LENGTH"),
    ("eleven embeds", {"embeds": [{"title": "x"}] * 11}, 50035, "embeds: BASE_TYPE_BAD_LENGTH"),
    ("embed title", {"embeds": [{"title": "x" * 257}]}, 50035, "embeds/0/title: BASE_TYPE_MAX_LENGTH"),
    ("embed field", {"embeds": [{"fields": [{"name": "n"}]}]}, 50035, "embeds/0/fields/0/value: BASE_TYPE_REQUIRED"),
    ("embeds in all", {"embeds": [{"description": "x" * 3001}] * 2}, 50035, "embeds: MAX_EMBED_SIZE_EXCEEDED"),
    ("reply to nothing", {"content": "x", "message_reference": {"message_id": "1"}}, 50035,
     "message_reference: REPLIES_UNKNOWN_MESSAGE"),
    ("mentions twice", {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035,
     "allowed_mentions: MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
    ("six rows", {"components": [row(button(custom_id=str(i))) for i in range(6)]}, 50035,
     "components: BASE_TYPE_BAD_LENGTH"),
    ("six buttons", {"components": [row(*[button(custom_id=str(i)) for i in range(6)])]}, 50035,
     "components/0/components: BASE_TYPE_BAD_LENGTH"),
    ("a select and a button", {"components": [row(select(), button())]}, 50035,
     "components/0/components/1: COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ("a label too long", {"components": [row(button(label="x" * 81))]}, 50035,
     "components/0/components/0/label: BASE_TYPE_MAX_LENGTH"),
    ("custom ids twice", {"components": [row(button(), button())]}, 50035,
     "components/0/components/1/custom_id: COMPONENT_CUSTOM_ID_DUPLICATED"),
    ("custom id too long", {"components": [row(button(custom_id="x" * 101))]}, 50035,
     "components/0/components/0/custom_id: BASE_TYPE_BAD_LENGTH"),
    ("no custom id", {"components": [row({"type": 2, "style": 1, "label": "Go"})]}, 50035,
     "components/0/components/0/custom_id: BASE_TYPE_REQUIRED"),
    ("a link with a custom id", {"components": [row(button(style=5, url="https://example.com"))]}, 50035,
     "components/0/components/0: BUTTON_COMPONENT_CUSTOM_ID_AND_URL"),
    ("select values twice", {"components": [row(select(options=[{"label": "a", "value": "a"}] * 2))]}, 50035,
     "components/0/components/0/options/1/value: SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"),
    ("V2 parts without the flag", {"components": [text("x")]}, 50035, "components/0/type: UNION_TYPE_CHOICES"),
    ("V2 with content", {"flags": V2, "content": "x", "components": [text("x")]}, 50035,
     "content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ("V2 with embeds", {"flags": V2, "embeds": [{"title": "x"}], "components": [text("x")]}, 50035,
     "embeds: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ("V2 with 41 parts", {"flags": V2, "components": [{"type": 17, "components": [text("x")] * 40}]}, 50035,
     "components: COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    ("V2 with 4001 characters", {"flags": V2, "components": [text("x" * 2001), text("x" * 2000)]}, 50035,
     "components: COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    ("V2 with a file that is not there", {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://a"}}]},
     50035, "components/0/file: UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
    ("V2 gallery of eleven", {"flags": V2, "components": [
        {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}] * 11}]}, 50035,
     "components/0/items: BASE_TYPE_BAD_LENGTH"),
    ("a container in a container", {"flags": V2, "components": [
        {"type": 17, "components": [{"type": 17, "components": [text("x")]}]}]}, 50035,
     "components/0/components/0/type: UNION_TYPE_CHOICES"),
    ("a section without its accessory", {"flags": V2, "components": [{"type": 9, "components": [text("x")]}]}, 50035,
     "components/0/accessory: BASE_TYPE_REQUIRED"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "where"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
async def test_a_message_is_refused(
    sandbox: DiscordSandbox, api: Api, body: dict[str, Any], code: int, where: str
) -> None:
    assert await api.refused("POST", POST, body) == (400, code, where)
    assert sandbox.record.messages() == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"embeds": [{"description": "x" * 4096}, {"description": "x" * 1904}]},
        {"components": [row(*[button(custom_id=str(i)) for i in range(5)])] * 1},
        {"flags": V2, "components": [{"type": 17, "components": [text("x")] * 39}]},
        {"flags": V2, "components": [text("x" * 4000)]},
        {"flags": V2, "components": [{"type": 9, "components": [text("x")], "accessory": button()}]},
    ],
)
async def test_a_message_right_at_the_limit_is_taken(api: Api, body: dict[str, Any]) -> None:
    status, message = await api("POST", POST, body)
    assert status == 200
    ids = [component["id"] for component in message["components"]]
    assert len(ids) == len(set(ids))


async def test_with_v2_a_file_that_nothing_shows_is_refused(api: Api) -> None:
    body = {"flags": V2, "components": [text("x")]}
    refused = await api.refused("POST", POST, body, files={"clip.mp4": CLIP})
    assert refused == (400, 50035, "attachments/0: MESSAGE_ATTACHMENT_NOT_REFERENCED")


async def test_the_v2_flag_comes_by_an_edit_and_never_goes(api: Api) -> None:
    _, message = await api("POST", POST, {"content": "plain"})
    path = f"{POST}/{message['id']}"
    refused = await api.refused("PATCH", path, {"flags": V2, "components": [text("x")]})
    assert refused == (400, 50035, "content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    _, edited = await api("PATCH", path, {"flags": V2, "content": None, "components": [text("x")]})
    assert edited["flags"] == V2
    _, edited = await api("PATCH", path, {"flags": 0})
    assert edited["flags"] == V2


async def test_the_same_nonce_gives_the_same_message_for_some_minutes(sandbox: DiscordSandbox, bot: Bot) -> None:
    channel = bot.get_partial_messageable(GENERAL_ID)
    first = await channel.send("once", nonce="job-1")
    assert (await channel.send("once", nonce="job-1")).id == first.id
    assert (await channel.send("other", nonce="job-2")).id != first.id
    assert (await bot.get_partial_messageable(VIDEOS_ID).send("elsewhere", nonce="job-1")).id != first.id
    sandbox.controls.advance_clock(600)
    assert (await channel.send("once", nonce="job-1")).id != first.id
    facts = sandbox.record.messages(GENERAL_ID)
    assert [(fact.content, fact.nonce) for fact in facts] == [("once", "job-1"), ("other", "job-2"), ("once", "job-1")]
    assert {fact.author_id for fact in facts} == {sandbox.world.bot.id}


async def test_a_file_is_posted_and_served_in_ranges_until_its_address_expires(
    sandbox: DiscordSandbox, bot: Bot, api: Api
) -> None:
    message = await bot.get_partial_messageable(GENERAL_ID).send(file=discord.File(io.BytesIO(CLIP), "my clip.mp4"))
    (attachment,) = message.attachments
    assert (attachment.filename, attachment.size, attachment.content_type) == ("my_clip.mp4", len(CLIP), "video/mp4")
    assert await attachment.read() == CLIP
    async with api.session.get(attachment.url, headers={"Range": "bytes=4-7"}) as part:
        assert (part.status, await part.read()) == (206, b"ftyp")
        assert part.headers["Content-Range"] == f"bytes 4-7/{len(CLIP)}"
    forged = attachment.url.replace("hm=", "hm=0")
    sandbox.controls.advance_clock(24 * 3600 + 1)
    for url in (attachment.url, forged):
        async with api.session.get(url) as gone:
            assert gone.status == 404
    fresh = await bot.get_partial_messageable(GENERAL_ID).fetch_message(message.id)
    assert await fresh.attachments[0].read() == CLIP


async def test_a_file_over_the_limit_is_too_large_until_the_guild_is_boosted(sandbox: DiscordSandbox, bot: Bot) -> None:
    channel = bot.get_partial_messageable(GENERAL_ID)
    sandbox.controls.set_upload_limit(1000)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=discord.File(io.BytesIO(b"x" * 1001), "big.mp4"))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    sandbox.controls.set_boost_tier("Film Club", 2)
    await channel.send(file=discord.File(io.BytesIO(b"x" * 1001), "big.mp4"))
    assert len(sandbox.record.messages(GENERAL_ID)) == 1


async def test_an_edit_keeps_replaces_and_adds_files(bot: Bot) -> None:
    channel = bot.get_partial_messageable(GENERAL_ID)
    message = await channel.send("two", files=[discord.File(io.BytesIO(b"a"), "a.txt")])
    message = await message.edit(attachments=[*message.attachments, discord.File(io.BytesIO(b"b"), "b.txt")])
    assert [attachment.filename for attachment in message.attachments] == ["a.txt", "b.txt"]
    message = await message.edit(attachments=message.attachments[1:])
    assert [attachment.filename for attachment in message.attachments] == ["b.txt"]
    assert (await message.edit(content="still")).attachments[0].filename == "b.txt"


@pytest.mark.parametrize(
    ("permission", "code"),
    [
        (Permission.VIEW_CHANNEL, 50001),
        (Permission.SEND_MESSAGES, 50013),
        (Permission.ATTACH_FILES, 50013),
    ],
)
async def test_a_lost_permission_is_forbidden(
    sandbox: DiscordSandbox, bot: Bot, permission: Permission, code: int
) -> None:
    channel = bot.get_partial_messageable(GENERAL_ID)
    sandbox.controls.set_permission("general", permission, False)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("x", file=discord.File(io.BytesIO(b"x"), "a.txt"))
    assert refused.value.code == code
    sandbox.controls.set_permission("general", permission, None)
    await channel.send("x", file=discord.File(io.BytesIO(b"x"), "a.txt"))


async def test_a_hidden_channel_is_missing_access_and_a_deleted_one_unknown(sandbox: DiscordSandbox, bot: Bot) -> None:
    with pytest.raises(discord.Forbidden) as hidden:
        await bot.get_partial_messageable(STAFF_ID).send("x")
    assert hidden.value.code == 50001
    sandbox.controls.delete_channel("videos")
    with pytest.raises(discord.NotFound) as gone:
        await bot.get_partial_messageable(VIDEOS_ID).send("x")
    assert gone.value.code == 10003
    sandbox.controls.remove_member("Night Owls", sandbox.world.bot)
    with pytest.raises(discord.Forbidden) as left:
        await bot.get_partial_messageable(LOBBY_ID).send("x")
    assert left.value.code == 50001


async def test_a_deleted_message_is_unknown_but_on_record(sandbox: DiscordSandbox, bot: Bot) -> None:
    message = await bot.get_partial_messageable(GENERAL_ID).send("gone soon")
    sandbox.controls.delete_message("general", message.id)
    with pytest.raises(discord.NotFound) as gone:
        await message.edit(content="too late")
    assert gone.value.code == 10008
    (fact,) = sandbox.record.messages(GENERAL_ID)
    assert fact.content == "gone soon"
    assert fact.deleted_at is not None


async def test_only_ones_own_messages_may_be_edited_or_without_permission_deleted(
    sandbox: DiscordSandbox, api: Api
) -> None:
    said = await sandbox.persona("mia").say("general", "mine", files=[LocalFile("a.txt", b"a")])
    assert await api.refused("PATCH", f"{POST}/{said.id}", {"content": "x"}) == (403, 50005, "")
    assert await api.refused("DELETE", f"{POST}/{said.id}") == (403, 50013, "")
    sandbox.controls.set_permission("general", Permission.MANAGE_MESSAGES, True)
    assert (await api("DELETE", f"{POST}/{said.id}"))[0] == 204


async def test_edits_of_old_messages_are_limited_when_limits_are_on(sandbox: DiscordSandbox, api: Api) -> None:
    _, message = await api("POST", POST, {"content": "old"})
    sandbox.controls.advance_clock(3601)
    sandbox.controls.set_rate_limits(True)
    statuses = [(await api("PATCH", f"{POST}/{message['id']}", {"content": str(i)}))[0] for i in range(3)]
    assert statuses == [200, 200, 200]
    assert await api.refused("PATCH", f"{POST}/{message['id']}", {"content": "no"}) == (429, 30046, "")


async def test_history_is_read_before_after_and_around(sandbox: DiscordSandbox, bot: Bot) -> None:
    channel = bot.get_partial_messageable(GENERAL_ID)
    sent = [await channel.send(str(number)) for number in range(5)]

    async def contents(**where: Any) -> list[str]:
        return [message.content async for message in channel.history(**where)]

    assert await contents() == ["4", "3", "2", "1", "0"]
    assert await contents(limit=2) == ["4", "3"]
    assert await contents(before=sent[2]) == ["1", "0"]
    assert await contents(after=sent[2]) == ["3", "4"]
    assert sorted(await contents(around=sent[2], limit=3)) == ["1", "2", "3"]
    sandbox.controls.set_permission("general", Permission.READ_MESSAGE_HISTORY, False)
    assert await contents() == []


async def test_replies_mentions_reactions_typing_and_threads(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    channel = bot.get_channel(GENERAL_ID)
    assert isinstance(channel, discord.TextChannel)
    said = await mia.say("general", "make a video")
    async with channel.typing():
        reply = await channel.send("done", reference=channel.get_partial_message(said.id), mention_author=True)
    assert [user.id for user in reply.mentions] == [mia.id]
    silent = await channel.send(f"{mia.mention} @everyone", allowed_mentions=discord.AllowedMentions.none())
    assert (silent.mentions, silent.mention_everyone) == ([], False)
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, True)
    await reply.add_reaction("🎬")
    assert sandbox.world.channels[GENERAL_ID].messages[reply.id].reactions == {"🎬": [sandbox.world.bot.id]}
    thread = await reply.create_thread(name="Details")
    await thread.send("in the thread")
    assert [message.content for message in mia.read(thread.id)] == ["in the thread"]


async def test_what_is_read_over_rest_is_known_to_discord_py(sandbox: DiscordSandbox, bot: Bot) -> None:
    guild = await bot.fetch_guild(bot.guilds[0].id)
    assert guild.name == "Film Club"
    assert {channel.name for channel in await guild.fetch_channels()} == {"general", "videos", "staff"}
    assert {role.name for role in await guild.fetch_roles()} >= {"Moderator", "Patron", "@everyone"}
    assert (await guild.fetch_member(sandbox.persona("ada").id)).guild_permissions.manage_guild
    with pytest.raises(discord.NotFound) as gone:
        await guild.fetch_member(sandbox.persona("zoe").id)
    assert gone.value.code == 10007
    assert (await bot.application_info()).owner.name == "omar"


async def test_requests_that_are_none(api: Api) -> None:
    assert await api.refused("GET", "/nowhere") == (404, 0, "")
    assert await api.refused("DELETE", POST) == (405, 0, "")
    assert await api.refused("GET", POST, token="wrong") == (401, 0, "")
    assert await api.refused("GET", "/channels/abc") == (400, 50035, "channel_id: NUMBER_TYPE_COERCE")
    assert await api.refused("GET", "/channels/1") == (404, 10003, "")
    assert await api.refused("POST", POST, ["x"]) == (400, 50109, "")
    assert await api.refused("GET", f"{POST}?before=now") == (400, 50035, "before: NUMBER_TYPE_COERCE")
    assert await api.refused("GET", f"{POST}?limit=101") == (400, 50035, "limit: NUMBER_TYPE_RANGE")
