"""Acting as a person with the real discord.py answering: commands, components, modals, and who sees what."""

import asyncio

import pytest

from sandbox.discord import ClientRefused, DiscordSandbox, LocalFile
from sandbox.discord.default_world import APPLICATION_ID
from tests.sandbox.discord.clients import CLIP, Api, Bot


async def test_a_slash_command_with_options_and_a_file_is_deferred_and_edited(
    sandbox: DiscordSandbox, bot: Bot
) -> None:
    mia = sandbox.persona("mia")
    image = LocalFile("cat.png", b"123")
    invocation = await mia.slash("/veo fast", "general", prompt="a cat", duration=5, aspect_ratio="tall", image=image)
    message = await invocation.wait_message()
    assert message.content == "a cat 5 9:16 3"
    assert message.edited_at is None
    assert invocation.status == "answered"
    assert message.interaction is not None
    assert message.interaction["user"]["username"] == "mia"


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("/veo fast", {}, "'prompt' is required"),
        ("/veo fast", {"prompt": "x", "colour": "red"}, "no option 'colour'"),
        ("/veo fast", {"prompt": "x", "aspect_ratio": "1:1"}, "none of"),
        ("/veo fast", {"prompt": "x", "duration": 16}, "from 3 to 15"),
        ("/veo fast", {"prompt": "x", "duration": "8"}, "not a whole number"),
        ("/veo fast", {"prompt": "x" * 51}, "1 to 50 characters"),
        ("/veo fast", {"prompt": "x", "image": "cat.png"}, "not a file"),
        ("/veo", {}, "needs a subcommand"),
        ("/veo slow", {}, "no subcommand"),
        ("/nothing", {}, "sees no command"),
        ("/settings", {}, "sees no command"),
    ],
)
async def test_what_discords_client_would_not_send_is_not_sent(
    sandbox: DiscordSandbox, bot: Bot, command: str, options: dict[str, object], why: str
) -> None:
    with pytest.raises(ClientRefused, match=why):
        await sandbox.persona("mia").slash(command, "general", **options)
    assert not [event for event in sandbox.record.events if event.name == "INTERACTION_CREATE"]


async def test_a_file_over_the_upload_limit_is_not_sent(sandbox: DiscordSandbox, bot: Bot) -> None:
    sandbox.controls.set_upload_limit(100, "Film Club")
    with pytest.raises(ClientRefused, match="too big"):
        await sandbox.persona("mia").slash("/veo fast", "general", prompt="x", image=LocalFile("a.png", b"x" * 101))


async def test_each_person_sees_the_commands_that_discord_would_show(sandbox: DiscordSandbox, bot: Bot) -> None:
    def seen(name: str, channel: str) -> set[str]:
        return {command["name"] for command in sandbox.persona(name).commands(channel)}

    assert "settings" not in seen("mia", "general")
    assert "settings" in seen("ada", "general")
    assert "settings" in seen("omar", "staff")
    with pytest.raises(LookupError):
        seen("zoe", "general")
    with pytest.raises(ClientRefused, match="does not see"):
        seen("mia", "staff")


async def test_autocomplete_offers_what_the_bot_offers(sandbox: DiscordSandbox, bot: Bot) -> None:
    choices = await sandbox.persona("mia").autocomplete("/search", "general", focused="model", model="e")
    assert choices == [{"name": "veo", "value": "veo"}]


async def test_ephemeral_answers_are_seen_by_their_invoker_only(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia, noah = sandbox.persona("mia"), sandbox.persona("noah")
    invocation = await mia.slash("/search", "general", model="veo")
    await sandbox.wait_for(lambda: len(invocation.messages) == 3)
    assert [message.content for message in mia.read("general")] == ["veo", "more", "for all"]
    assert [message.content for message in noah.read("general")] == ["for all"]


async def test_a_button_edits_its_message(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    panel = await (await mia.slash("/panel", "general")).wait_message()
    pressed = await sandbox.persona("noah").press(panel, "again")
    await pressed.wait_response()
    assert panel.content == "again!"
    assert panel.edited_at is not None
    with pytest.raises(ClientRefused, match="nothing with the custom id"):
        await mia.press(panel, "missing")


async def test_a_user_select_resolves_the_person(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    panel = await (await mia.slash("/panel", "general")).wait_message()
    answer = await (await mia.select(panel, "who", "ada")).wait_message()
    assert answer.content == "chose Ada"


async def test_a_modal_is_filled_in_within_its_bounds(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    panel = await (await mia.slash("/panel", "general")).wait_message()
    asked = await mia.press(panel, "ask")
    modal = await asked.wait_modal()
    assert modal["title"] == "Title"
    with pytest.raises(ClientRefused, match="'headline': must have 0 to 20"):
        await mia.submit(asked, headline="x" * 21, ratio="16:9")
    with pytest.raises(ClientRefused, match="'ratio'"):
        await mia.submit(asked, headline="Cats", ratio="1:1")
    still = LocalFile("s.png", b"12345")
    answered = await mia.submit(asked, headline="Cats", ratio="9:16", still=still)
    assert (await answered.wait_message()).content == "Cats 9:16 [5]"


async def test_context_menus_of_a_message_and_of_a_person(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    said = await sandbox.persona("noah").say("general", "look")
    assert (await (await mia.message_menu("Remix this", said)).wait_message()).content == "remix look"
    assert (await (await mia.user_menu("Usage", "noah", "general")).wait_message()).content == "usage of Noah"


async def test_a_command_in_direct_messages(sandbox: DiscordSandbox, bot: Bot) -> None:
    mia = sandbox.persona("mia")
    user = await bot.fetch_user(mia.id)
    dm = await user.create_dm()
    await dm.send("hello")
    assert [message.content for message in mia.read(dm.id)] == ["hello"]
    assert "settings" not in {command["name"] for command in mia.commands(dm.id)}
    message = await (await mia.slash("/veo fast", dm.id, prompt="private")).wait_message()
    assert message.content.startswith("private")
    with pytest.raises(ClientRefused):
        sandbox.persona("noah").read(dm.id)


async def test_a_card_shows_its_clip_in_the_component_and_not_as_an_attachment(
    sandbox: DiscordSandbox, bot: Bot, api: Api
) -> None:
    mia = sandbox.persona("mia")
    await (await mia.slash("/card", "general")).wait_message()
    (payload,) = mia.read_payloads("general")
    assert payload["attachments"] == []
    assert [user["username"] for user in payload["mentions"]] == ["mia"]
    media = payload["components"][0]["components"][1]["items"][0]["media"]
    async with api.session.get(media["url"]) as response:
        assert (response.content_type, await response.read()) == ("video/mp4", CLIP)


async def test_an_application_that_does_not_respond_fails_after_three_seconds(
    sandbox: DiscordSandbox, bot: Bot
) -> None:
    invocation = await sandbox.persona("mia").slash("/silent", "general")
    await asyncio.sleep(0)
    sandbox.controls.advance_clock(2.9)
    assert invocation.status == "pending"
    sandbox.controls.advance_clock(0.2)
    assert await invocation.wait_response() == "failed"
    with pytest.raises(LookupError, match="did not respond"):
        await invocation.wait_message()


@pytest.fixture
async def pending(sandbox: DiscordSandbox, bot: Bot) -> str:
    """The callback path of an interaction that the bot leaves to the test."""
    invocation = await sandbox.persona("mia").slash("/silent", "general")
    return f"/interactions/{invocation.id}/{invocation.interaction.token}/callback"


async def test_a_late_first_response_is_an_unknown_interaction(sandbox: DiscordSandbox, api: Api, pending: str) -> None:
    sandbox.controls.advance_clock(3)
    assert await api.refused("POST", pending, {"type": 5}) == (404, 10062, "")


async def test_a_second_response_is_refused(api: Api, pending: str) -> None:
    assert (await api("POST", pending, {"type": 5}))[0] == 204
    assert await api.refused("POST", pending, {"type": 5}) == (400, 40060, "")


async def test_a_wrong_kind_of_response_is_refused_and_may_be_repeated_rightly(api: Api, pending: str) -> None:
    refused = await api.refused("POST", pending, {"type": 8, "data": {"choices": []}})
    assert refused == (400, 50035, "type: INTERACTION_TYPE_INVALID")
    refused = await api.refused("POST", pending, {"type": 4, "data": {"content": "x" * 2001}})
    assert refused == (400, 50035, "data/content: BASE_TYPE_MAX_LENGTH")
    assert (await api("POST", pending + "?with_response=1", {"type": 4, "data": {"content": "ok"}}))[0] == 200


async def test_the_token_dies_after_fifteen_minutes(sandbox: DiscordSandbox, bot: Bot, api: Api, pending: str) -> None:
    await api("POST", pending, {"type": 5})
    webhook = f"/webhooks/{APPLICATION_ID}/{pending.split('/')[3]}"
    sandbox.controls.advance_clock(14 * 60)
    assert (await api("PATCH", f"{webhook}/messages/@original", {"content": "still"}))[0] == 200
    sandbox.controls.advance_clock(61)
    assert await api.refused("PATCH", f"{webhook}/messages/@original", {"content": "late"}) == (401, 50027, "")
    assert await api.refused("POST", webhook, {"content": "late"}) == (401, 50027, "")


async def test_before_the_response_the_webhook_is_unknown(api: Api, pending: str) -> None:
    webhook = f"/webhooks/{APPLICATION_ID}/{pending.split('/')[3]}"
    assert await api.refused("POST", webhook, {"content": "early"}) == (404, 10015, "")


async def test_a_follow_up_to_a_deferral_is_the_deferred_answer(
    sandbox: DiscordSandbox, api: Api, pending: str
) -> None:
    await api("POST", pending, {"type": 5, "data": {"flags": 64}})
    webhook = f"/webhooks/{APPLICATION_ID}/{pending.split('/')[3]}"
    _, first = await api("POST", webhook, {"content": "answer"})
    _, original = await api("GET", f"{webhook}/messages/@original")
    assert (first["id"], first["flags"]) == (original["id"], 64)
    assert len(sandbox.persona("mia").read("general")) == 1
    assert (await api("DELETE", f"{webhook}/messages/{first['id']}"))[0] == 204
    assert await api.refused("GET", f"{webhook}/messages/@original") == (404, 10008, "")
