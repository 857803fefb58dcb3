"""Clients against the sandbox's provider, and against a server that answers with whatever a test wants."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.studio.client import StudioClient
from bot.studio.legacy import LegacyClient
from sandbox.studio import StudioSandbox

NOW = 1_771_600_000.0
KEY = "not-a-real-key"
SOON = aiohttp.ClientTimeout(connect=5, sock_connect=5, sock_read=0.2, total=5)
"""Seconds; a server that says nothing is given up quickly."""


@pytest.fixture
async def client(studio: StudioSandbox) -> AsyncIterator[StudioClient]:
    client = StudioClient(studio.base_url, studio.api_key)
    yield client
    await client.close()


@pytest.fixture
async def legacy(studio: StudioSandbox) -> AsyncIterator[LegacyClient]:
    client = LegacyClient(studio.base_url, studio.api_key)
    yield client
    await client.close()


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class OddServer:
    """Answers every request with `handler`; `client` speaks to it."""

    client: StudioClient
    handler: Handler | None = None
    paths: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def answers(self, body: bytes | str, status: int = 200, **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body

        async def handler(_: web.Request) -> web.Response:
            return web.Response(body=raw, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

        self.handler = handler


@pytest.fixture
async def odd() -> AsyncIterator[OddServer]:
    async def handle(request: web.Request) -> web.StreamResponse:
        server.paths.append(request.path)
        server.authorizations.append(request.headers.get("Authorization"))
        assert server.handler is not None
        return await server.handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = OddServer(StudioClient(f"http://127.0.0.1:{runner.addresses[0][1]}", KEY, lambda: NOW, SOON))
    yield server
    await server.client.close()
    await runner.cleanup()
