"""A provider that takes everything and never finishes, in two forms: in this process, and over HTTP for a real bot."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count

from aiohttp import web

from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport, RenderState
from bot.studio.protocol import Accepted, History
from bot.studio.reading.render import read_status
from sandbox.studio.catalogue import BY_SLUG
from sandbox.studio.shapes import model_json, models_answer

MODELS: JsonValue = models_answer([model_json(model) for model in BY_SLUG.values()], "wrapped")


def job_json(remote_id: str) -> dict[str, JsonValue]:
    """Return what the provider says of every render, whatever its id."""
    return {"success": True, "job": {"job_id": remote_id, "model_slug": "veo31_fast", "status": "processing"}}


class EndlessProvider:
    """A `Provider` without a network."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._ids = count(1)

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Accept at once."""
        self.asked["generate"] += 1
        return Accepted((f"new-{next(self._ids)}",))

    async def status(self, remote_id: str) -> RenderReport:
        """Say that the render is under way."""
        self.asked["status"] += 1
        return read_status(job_json(remote_id), remote_id)

    async def history(self, limit: int) -> History:
        """Answer with renders of somebody else."""
        self.asked["history"] += 1
        reports = (RenderReport(f"somebody-elses-{n}", RenderState.PROCESSING) for n in range(min(20, limit)))
        return History(tuple(reports), readable=True, skipped=0)

    async def models(self) -> JsonValue:
        """Answer with the sandbox's catalogue."""
        return MODELS

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def served(asked: Counter[str]) -> AsyncIterator[str]:
    """Serve the same over HTTP at the address that is yielded; `asked` counts the requests of each kind."""
    ids = count(1)

    def answering(kind: str, body: JsonValue) -> web.RouteDef:
        async def handler(_: web.Request) -> web.Response:
            asked[kind] += 1
            return web.json_response(body)

        path = {"models": "/api/v1/models/video/", "history": "/api/v1/video-studio/history/"}[kind]
        return web.get(path, handler)

    async def status(request: web.Request) -> web.Response:
        asked["status"] += 1
        return web.json_response(job_json(request.match_info["job_id"]))

    async def generate(_: web.Request) -> web.Response:
        asked["generate"] += 1
        return web.json_response({"success": True, "job_ids": [f"new-{next(ids)}"]})

    app = web.Application()
    app.add_routes([answering("models", MODELS), answering("history", {"success": True, "jobs": []})])
    app.add_routes([web.get("/api/v1/video-studio/status/{job_id}/", status)])
    app.add_routes([web.post("/api/v1/video-studio/generate/", generate)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
