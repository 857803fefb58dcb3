"""Both sandboxes are for programs and people of this machine, not for other web sites in a browser."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from sandbox.guard import same_site_only


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where a guarded page answers, as "127.0.0.1:port"."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application(middlewares=[same_site_only])
    app.add_routes([web.get("/", hello)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://{here}"}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Host": "example.com"}, 403),
        ({"Host": "127.0.0.1.example.com"}, 403),
        ({"Host": "10.0.0.1"}, 403),
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "example.com", "Origin": "http://example.com"}, 403),
    ],
)
async def test_other_web_sites_are_refused(address: str, headers: dict[str, str], status: int) -> None:
    filled = {name: value.format(here=address) for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/", headers=filled) as answer:
        assert answer.status == status
