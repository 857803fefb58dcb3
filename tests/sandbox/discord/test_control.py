"""The control routes: acting as a person from another process or from a page, and the stream of changes."""

import json
from typing import Any

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import GENERAL_ID, VIDEOS_ID
from tests.sandbox.discord.clients import Api, Bot


class Control:
    def __init__(self, session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
        self._session = session
        self._base = sandbox.url + "/sandbox"

    async def get(self, path: str, **query: Any) -> Any:
        async with self._session.get(self._base + path, params=query) as response:
            return await response.json()

    async def post(
        self, path: str, body: Any, files: dict[str, bytes] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        form = aiohttp.FormData({"payload_json": json.dumps(body)})
        for name, content in (files or {}).items():
            form.add_field(name, content, filename=f"{name}.png")
        kwargs: dict[str, Any] = {"data": form} if files else {"json": body}
        async with self._session.post(self._base + path, headers=headers, **kwargs) as response:
            return response.status, await response.json()


@pytest.fixture
def control(api: Api, sandbox: DiscordSandbox) -> Control:
    return Control(api.session, sandbox)


async def test_a_slash_command_with_a_file_from_another_process(bot: Bot, control: Control) -> None:
    body = {"command": "/veo fast", "channel": "general", "options": {"prompt": "a cat", "duration": 4}}
    status, started = await control.post("/personas/mia/slash", body, files={"image": b"12345"})
    assert status == 201
    path = f"/personas/mia/interactions/{started['id']}"
    state = started
    while state["status"] in ("pending", "thinking"):
        state = await control.get(path, wait=5, status=state["status"])
    assert state["message"]["content"] == "a cat 4 16:9 5"
    (message,) = await control.get("/personas/mia/channels/general/messages")
    assert message["id"] == state["message"]["id"]
    assert (await control.get(f"/personas/noah/interactions/{started['id']}"))["error"]


async def test_buttons_selects_modals_menus_and_autocomplete(bot: Bot, control: Control) -> None:
    async def act(name: str, body: Any) -> Any:
        status, state = await control.post(f"/personas/mia/{name}", {"channel": "general", **body})
        assert status in (200, 201), state
        if name == "autocomplete":
            return state
        return await control.get(f"/personas/mia/interactions/{state['id']}", wait=5)

    panel = await act("slash", {"command": "/panel"})
    message = panel["message"]["id"]
    assert (await act("press", {"message": message, "custom_id": "again"}))["message"]["content"] == "again!"
    chosen = await act("select", {"message": message, "custom_id": "who", "values": ["ada"]})
    assert chosen["message"]["content"] == "chose Ada"
    asked = await act("press", {"message": message, "custom_id": "ask"})
    assert asked["status"] == "modal"
    submitted = await act("submit", {"interaction": asked["id"], "options": {"headline": "Hi", "ratio": "16:9"}})
    assert submitted["message"]["content"] == "Hi 16:9 []"
    remixed = await act("message-menu", {"command": "Remix this", "message": message})
    assert remixed["message"]["content"] == "remix again!"
    used = await act("user-menu", {"command": "Usage", "user": "noah"})
    assert used["message"]["content"] == "usage of Noah"
    choices = await act("autocomplete", {"command": "/search", "focused": "model", "options": {"model": "w"}})
    assert choices == [{"name": "wan", "value": "wan"}]


async def test_what_a_person_may_not_do_is_said_in_a_sentence(bot: Bot, control: Control) -> None:
    body = {"command": "/veo fast", "channel": "general", "options": {}}
    status, answer = await control.post("/personas/mia/slash", body)
    assert (status, answer["error"]) == (400, "/veo fast: option 'prompt' is required")
    assert (await control.post("/personas/nobody/slash", body))[0] == 404
    assert (await control.post("/personas/mia/slash", []))[0] == 400


async def test_reading_the_state_and_the_record(bot: Bot, control: Control) -> None:
    await bot.get_partial_messageable(GENERAL_ID).send("hello", nonce="job-1")
    state = await control.get("/state")
    assert [guild["name"] for guild in state["guilds"]] == ["Film Club", "Night Owls"]
    assert state["connected_shards"] == [[0, 1]]
    person = await control.get("/personas/mia")
    assert [channel["name"] for channel in person["channels"]] == ["general", "videos"]
    assert "settings" not in {c["name"] for c in await control.get("/personas/mia/commands", channel="general")}
    assert "settings" in {c["name"] for c in await control.get("/commands")}
    requests = await control.get("/record/requests", limit=1)
    assert (requests[0]["path"], requests[0]["status"]) == (f"/channels/{GENERAL_ID}/messages", 200)
    assert await control.get("/record/requests", after=requests[0]["number"]) == []
    assert any(event["name"] == "READY" for event in await control.get("/record/events"))
    (fact,) = await control.get("/record/messages", channel=GENERAL_ID)
    assert (fact["nonce"], fact["content"]) == ("job-1", "hello")
    assert await control.get("/record/violations") == []


async def test_controls(sandbox: DiscordSandbox, bot: Bot, control: Control) -> None:
    async def pull(name: str, **body: Any) -> Any:
        status, answer = await control.post(f"/controls/{name}", body)
        assert status == 200, answer
        return answer

    await pull("upload-limit", bytes=1000, guild="Film Club")
    assert (
        sandbox.world.upload_limit_bytes(sandbox.world.guilds[sandbox.world.channels[GENERAL_ID].guild_id or 0]) == 1000
    )
    await pull("permission", channel="videos", permission="SEND_MESSAGES", allowed=False)
    assert sandbox.world.permissions(sandbox.world.bot, sandbox.world.channels[VIDEOS_ID]) & (1 << 11) == 0
    await pull("fault", method="GET", path="/users/@me", status=503)
    assert (await control.get("/state"))["faults"][0]["status"] == 503
    await pull("clear-faults")
    await pull("boost-tier", guild="Night Owls", tier=3)
    await pull("rate-limits", enforced=True)
    await pull("rate-limits", enforced=False)
    await pull("locale", user="mia", locale="de")
    before = sandbox.clock.now()
    assert (await pull("advance-clock", seconds=60))["now"] >= before + 60
    await pull("delete-channel", channel="videos")
    assert VIDEOS_ID not in sandbox.world.channels
    assert await pull("disconnect") == {"dropped": 1}
    await sandbox.wait_for(lambda: any(event.name == "RESUMED" for event in sandbox.record.events))
    assert (await control.post("/controls/fault", {"colour": "red"}))[0] == 400


async def test_changes_are_streamed(sandbox: DiscordSandbox, api: Api) -> None:
    async with api.session.get(sandbox.url + "/sandbox/events") as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b": connected\n"
        await response.content.readline()
        said = await sandbox.persona("mia").say("general", "hello")
        change = json.loads((await response.content.readline()).removeprefix(b"data: "))
        assert change == {"kind": "message.create", "channel_id": str(GENERAL_ID), "message_id": str(said.id)}


@pytest.mark.parametrize("headers", [{"Origin": "https://example.com"}, {"Host": "example.com"}])
async def test_other_web_sites_may_not_control_the_sandbox(control: Control, headers: dict[str, str]) -> None:
    assert (await control.post("/controls/clear-faults", {}, headers=headers))[0] == 403
