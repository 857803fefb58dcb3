"""Serve `/health` (does the process do its work?) and `/ready` (does it hear commands?) for supervisors."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.engine.runner import Runner
from bot.gateway import Gateway


@asynccontextmanager
async def health_server(
    address: str, runner: Runner, gateway: Gateway | None, further: Sequence[web.RouteDef] = ()
) -> AsyncIterator[None]:
    """Serve both pages, and `further` ones, at `host:port` until the context ends.

    `gateway` is None in a process that hears no commands. Raises OSError if the address cannot be used.
    """

    async def health(_: web.Request) -> web.Response:
        now = runner.clock()
        loops = {
            loop.name: {"healthy": loop.healthy(now), "failures": loop.failures, "problem": loop.problem}
            for loop in runner.loops
        }
        healthy = all(loop.healthy(now) for loop in runner.loops)
        body: dict[str, object] = {"healthy": healthy, "loops": loops}
        if gateway is not None:
            body["gateway_restarts"] = gateway.restarts
        return web.json_response(body, status=200 if healthy else 503)

    async def readiness(_: web.Request) -> web.Response:
        ready = gateway is None or gateway.ready
        return web.json_response({"ready": ready}, status=200 if ready else 503)

    app = web.Application()
    app.add_routes([web.get("/health", health), web.get("/ready", readiness), *further])
    server = web.AppRunner(app, access_log=None)
    await server.setup()
    host, _, port = address.rpartition(":")
    try:
        await web.TCPSite(server, host, int(port)).start()
        yield
    finally:
        await server.cleanup()
