"""Reactions: what Discord refuses, what it counts, and what a bot with their intent hears of them."""

import discord
import pytest

from sandbox.discord import ClientRefused, DiscordSandbox, Message, Permission
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID
from sandbox.discord.errors import ApiError
from sandbox.discord.reactions import EMOJIS_MAX
from sandbox.discord.spec import Specification
from tests.sandbox.discord.clients import Api, Bot, running
from tests.sandbox.discord.test_gateway import sent_events

HEART, FILM = "❤️", "🎬"
POST = f"/channels/{GENERAL_ID}/messages"


async def posted(api: Api, sandbox: DiscordSandbox, content: str = "a film") -> Message:
    _, message = await api("POST", POST, {"content": content})
    return sandbox.world.channels[GENERAL_ID].messages[int(message["id"])]


async def test_a_message_counts_the_people_of_each_emoji(api: Api, sandbox: DiscordSandbox) -> None:
    mia, noah = sandbox.persona("mia"), sandbox.persona("noah")
    message = await posted(api, sandbox)
    await mia.react(message, HEART)
    await mia.react(message, HEART)
    await noah.react(message, HEART)
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, False)
    assert (await api("PUT", f"{POST}/{message.id}/reactions/{HEART}/@me"))[0] == 204, "it is there already"
    _, seen = await api("GET", f"{POST}/{message.id}")
    counts = {"count": 3, "count_details": {"normal": 3, "burst": 0}, "burst_colors": []}
    assert seen["reactions"] == [{"emoji": {"id": None, "name": HEART}, **counts, "me": True, "me_burst": False}]
    assert mia.read_payloads("general")[-1]["reactions"][0]["me"]
    _, people = await api("GET", f"{POST}/{message.id}/reactions/{HEART}?limit=2")
    assert len(people) == 2
    _, rest = await api("GET", f"{POST}/{message.id}/reactions/{HEART}?after={people[-1]['id']}")
    everybody = {user["id"] for user in people + rest}
    assert everybody == {str(mia.id), str(noah.id), str(sandbox.world.bot.id)}
    assert (await api("GET", f"{POST}/{message.id}/reactions/{HEART}?type=1"))[1] == [], "nobody super-reacts here"
    await noah.unreact(message, HEART)
    assert (await api("GET", f"{POST}/{message.id}"))[1]["reactions"][0]["count"] == 2


async def test_what_discord_refuses(api: Api, sandbox: DiscordSandbox) -> None:
    mia = sandbox.persona("mia")
    message = await posted(api, sandbox)
    one = f"{POST}/{message.id}/reactions"
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, False)
    assert await api.refused("PUT", f"{one}/{HEART}/@me") == (403, 50013, "")
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, True)
    assert await api.refused("PUT", f"{one}/heart/@me") == (404, 10014, "")
    assert await api.refused("DELETE", f"{one}/{HEART}/@me") == (404, 10014, "")
    assert await api.refused("GET", f"{one}/{HEART}") == (404, 10014, "")
    assert await api.refused("GET", f"{one}/{HEART}?limit=101") == (400, 50035, "limit: NUMBER_TYPE_RANGE")
    assert await api.refused("PUT", f"{POST}/1/reactions/{HEART}/@me") == (404, 10008, "")
    assert await api.refused("DELETE", one) == (403, 50013, "")
    assert await api.refused("DELETE", f"{one}/{HEART}") == (403, 50013, "")
    assert await api.refused("DELETE", f"{one}/{HEART}/{mia.id}") == (403, 50013, "")
    for number in range(EMOJIS_MAX):
        await mia.react(message, chr(0x1F600 + number))
    assert await api.refused("PUT", f"{one}/{HEART}/@me") == (400, 30010, "")
    with pytest.raises(ApiError, match="30010"):
        await mia.react(message, HEART)


async def test_who_may_not_react_is_stopped_by_the_client(api: Api, sandbox: DiscordSandbox) -> None:
    mia = sandbox.persona("mia")
    message = await posted(api, sandbox)
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, False, user=mia.user)
    with pytest.raises(ClientRefused):
        await mia.react(message, HEART)
    sandbox.controls.delete_message("general", message.id)
    with pytest.raises(ClientRefused):
        await mia.react(message, HEART)


async def test_a_bot_with_the_intent_hears_of_reactions_and_one_without_does_not(
    sandbox: DiscordSandbox, api: Api
) -> None:
    mia, bot_id = sandbox.persona("mia"), sandbox.world.bot.id
    heard: list[tuple[str, int, str]] = []
    client = Bot(intents=discord.Intents(guilds=True, guild_reactions=True))

    @client.event
    async def on_raw_reaction_add(event: discord.RawReactionActionEvent) -> None:
        assert (event.guild_id, event.message_author_id, event.burst) == (FILM_CLUB_ID, bot_id, False)
        heard.append(("add", event.user_id, str(event.emoji)))

    @client.event
    async def on_raw_reaction_remove(event: discord.RawReactionActionEvent) -> None:
        heard.append(("remove", event.user_id, str(event.emoji)))

    @client.event
    async def on_raw_reaction_clear_emoji(event: discord.RawReactionClearEmojiEvent) -> None:
        heard.append(("clear emoji", event.message_id, str(event.emoji)))

    @client.event
    async def on_raw_reaction_clear(event: discord.RawReactionClearEvent) -> None:
        heard.append(("clear", event.message_id, ""))
        gone.set_result(None)

    message = await posted(api, sandbox)
    async with running(Bot(), sandbox):
        await mia.react(message, HEART)
        await mia.unreact(message, HEART)
    assert sent_events(sandbox, "MESSAGE_REACTION_ADD") == [], "it has no intent for them"
    sandbox.controls.set_permission("general", Permission.MANAGE_MESSAGES, True)
    async with running(client, sandbox):
        gone = client.loop.create_future()
        await mia.react(message, HEART)
        await mia.unreact(message, HEART)
        await mia.react(message, HEART)
        await mia.react(message, FILM)
        await api("DELETE", f"{POST}/{message.id}/reactions/{FILM}")
        await api("DELETE", f"{POST}/{message.id}/reactions/{HEART}/{mia.id}")
        await mia.react(message, FILM)
        await api("DELETE", f"{POST}/{message.id}/reactions")
        await gone
    assert heard == [
        ("add", mia.id, HEART),
        ("remove", mia.id, HEART),
        ("add", mia.id, HEART),
        ("add", mia.id, FILM),
        ("clear emoji", message.id, FILM),
        ("remove", mia.id, HEART),
        ("add", mia.id, FILM),
        ("clear", message.id, ""),
    ]


async def test_requests_and_answers_are_as_the_specification_says(
    specification: Specification, sandbox: DiscordSandbox, bot: Bot
) -> None:
    mia = sandbox.persona("mia")
    sandbox.controls.set_permission("general", Permission.MANAGE_MESSAGES, True)
    sandbox.controls.set_permission("general", Permission.ADD_REACTIONS, True)
    message = await bot.get_partial_messageable(GENERAL_ID).send("a film")
    await mia.react(sandbox.world.channels[GENERAL_ID].messages[message.id], HEART)
    await message.add_reaction(HEART)
    fetched = await bot.get_partial_messageable(GENERAL_ID).fetch_message(message.id)
    assert {user.id async for user in fetched.reactions[0].users()} == {mia.id, sandbox.world.bot.id}
    await message.remove_reaction(HEART, discord.Object(sandbox.world.bot.id))
    await message.remove_reaction(HEART, discord.Object(mia.id))
    await mia.react(sandbox.world.channels[GENERAL_ID].messages[message.id], HEART)
    await message.clear_reaction(HEART)
    await message.clear_reactions()
    assert sandbox.record.violations() == []
    answers = [
        f"{entry.method} {entry.path} {entry.status}: {text}"
        for entry in sandbox.record.requests
        for text in specification.check_response(entry.method, entry.path, entry.status, entry.response) or ()
    ]
    assert answers == []
