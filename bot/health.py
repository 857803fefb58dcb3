"""`/health`: is the process doing its work; `/ready`: does it hear commands. For supervisors."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.engine.runner import Runner


@asynccontextmanager
async def health_server(address: str, runner: Runner, ready: Callable[[], bool]) -> AsyncIterator[None]:
    """Serve both pages at `host:port` until the context ends. Raises OSError where the address cannot be used."""

    async def health(_: web.Request) -> web.Response:
        loops = {
            loop.name: {"healthy": loop.healthy, "failures": loop.failures, "problem": loop.problem}
            for loop in runner.loops
        }
        healthy = all(loop.healthy for loop in runner.loops)
        return web.json_response({"healthy": healthy, "loops": loops}, status=200 if healthy else 503)

    async def readiness(_: web.Request) -> web.Response:
        return web.json_response({"ready": ready()}, status=200 if ready() else 503)

    app = web.Application()
    app.add_routes([web.get("/health", health), web.get("/ready", readiness)])
    server = web.AppRunner(app, access_log=None)
    await server.setup()
    host, _, port = address.rpartition(":")
    try:
        await web.TCPSite(server, host, int(port)).start()
        yield
    finally:
        await server.cleanup()
