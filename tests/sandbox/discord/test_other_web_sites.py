"""Nothing of the local Discord is for other web sites that a browser has open; uploaded files run no scripts."""

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox, LocalFile
from sandbox.playground import playground_routes

ROUTES = ("/gateway", "/api/v10/gateway", "/api/v10/users/@me", "/sandbox/state", "/sandbox/changes", "/no/such/route")
FOREIGN = ({"Origin": "https://example.com"}, {"Origin": "null"}, {"Host": "example.com"})


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("headers", FOREIGN)
async def test_every_route_refuses_another_web_site(
    sandbox: DiscordSandbox, path: str, headers: dict[str, str]
) -> None:
    authorised = {"Authorization": f"Bot {sandbox.token}", **headers}
    async with aiohttp.ClientSession() as session, session.get(sandbox.url + path, headers=authorised) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["/", "/playground/js/main.js", "/playground/studio/"])
@pytest.mark.parametrize("headers", FOREIGN)
async def test_the_playground_does_too(path: str, headers: dict[str, str]) -> None:
    async with DiscordSandbox(extra_routes=playground_routes()) as sandbox, aiohttp.ClientSession() as session:
        async with session.get(sandbox.url + path) as answer:
            assert answer.status == 200
        async with session.get(sandbox.url + path, headers=headers) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_page_of_another_web_site_cannot_log_in_to_the_gateway(
    sandbox: DiscordSandbox, headers: dict[str, str]
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(sandbox.gateway_url, origin=sandbox.url) as own:
            assert (await own.receive_json())["op"] == 10
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(sandbox.gateway_url, headers=headers)


@pytest.mark.parametrize("name", ["picture.svg", "page.html", "clip.mp4", "unknown"])
async def test_uploaded_files_have_no_origin_and_keep_their_type(sandbox: DiscordSandbox, name: str) -> None:
    mia = sandbox.persona("mia")
    await mia.say("general", files=[LocalFile(name, b"<script>alert(1)</script>")])
    url = mia.read_payloads("general")[0]["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"] == "sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
