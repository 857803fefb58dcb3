"""The control application: loopback only, and nothing of it for other web sites that a browser has open."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord.control.lever_routes import LeverRoutes
from sandbox.discord.control.people_routes import PeopleRoutes
from sandbox.discord.control.reading_routes import ReadingRoutes
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.levers import Levers
from sandbox.discord.people import Persona, Refused

CONTROL_PREFIX = "/sandbox"


def build_control(core: Core, levers: Levers, persona: Callable[[str], Persona]) -> web.Application:
    """An application for mounting at `CONTROL_PREFIX`. Errors are `{"error": "a sentence"}`."""
    app = web.Application(middlewares=[_guard], client_max_size=128 * 1024 * 1024)
    app.add_routes([*ReadingRoutes(core).routes(), *PeopleRoutes(core, persona).routes()])
    app.add_routes([*LeverRoutes(core, levers).routes(), web.get("/events", _events(core))])
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not _is_loopback(request.remote):
        return _error(403, "the control routes answer on loopback only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return _error(403, "another web site may not control the sandbox")
    if not _is_loopback_host(request.host):
        return _error(403, "the control routes answer to a loopback host name only")
    try:
        return await handler(request)
    except Refused as refusal:
        return _error(400, str(refusal))
    except ApiError as error:
        return web.json_response({"error": error.body["message"], **error.body}, status=error.status)
    except LookupError as error:
        return _error(404, str(error))
    except (ValueError, TypeError) as error:
        return _error(400, str(error))


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _is_loopback_host(host: str) -> bool:
    """Against DNS rebinding: a foreign name that was made to point here does not count."""
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or _is_loopback(name)


def _events(core: Core) -> Handler:
    async def stream(request: web.Request) -> web.StreamResponse:
        """Server-sent events: each is `{"kind": ..., ...}`; see `changes.py` for the kinds."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with core.changes.subscribe() as subscription:
            await response.write(b": connected\n\n")
            while (change := await subscription.next()) is not None:
                text = json.dumps({"kind": change.kind, **change.data})
                try:
                    await response.write(f"data: {text}\n\n".encode())
                except ConnectionError:
                    break
        return response

    return stream
