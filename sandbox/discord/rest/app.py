"""The REST API as one aiohttp application: requests are logged, authorised, and broken when a fault applies."""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord.body import Body
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, not_found, unauthorized
from sandbox.discord.faults import RestFault
from sandbox.discord.record import RequestEntry
from sandbox.discord.rest.attachments import AttachmentRoutes
from sandbox.discord.rest.channels import ChannelRoutes
from sandbox.discord.rest.commands import CommandRoutes
from sandbox.discord.rest.common import BODY, answer
from sandbox.discord.rest.guilds import GuildRoutes
from sandbox.discord.rest.interactions import InteractionRoutes
from sandbox.discord.rest.messages import MessageRoutes
from sandbox.discord.rest.rate_limits import RateLimits, limited
from sandbox.discord.rest.reactions import ReactionRoutes
from sandbox.discord.rest.users import UserRoutes

API_PREFIX = "/api/v10"
OPEN_PREFIXES = ("/interactions/", "/webhooks/")
"""Beginnings of paths that need no bot token: a token in the path is the authorisation."""


def build_rest(core: Core) -> web.Application:
    """Return an application for mounting at `API_PREFIX`."""
    app = web.Application(middlewares=[_Middleware(core).handle], client_max_size=16 * 1024 * 1024)
    for routes in _routes(core):
        app.add_routes(list(routes))
    return app


def _routes(core: Core) -> Iterable[Iterable[web.RouteDef]]:
    yield UserRoutes(core).routes()
    yield CommandRoutes(core).routes()
    yield InteractionRoutes(core).routes()
    yield MessageRoutes(core).routes()
    yield ReactionRoutes(core).routes()
    yield ChannelRoutes(core).routes()
    yield GuildRoutes(core).routes()
    yield AttachmentRoutes(core).routes()


class _Middleware:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._rate_limits = RateLimits(core.clock)

    @property
    def handle(self) -> Any:
        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._handle(request, handler)

        return middleware

    async def _handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(API_PREFIX)
        at, started = self._core.clock.now(), time.monotonic()
        fault = self._core.faults.take(request.method, path)
        if fault is not None and fault.latency_seconds:
            await asyncio.sleep(fault.latency_seconds)
        response = await self._process(request, handler, path, fault)
        cut = fault is not None and fault.cut
        body = request.get(BODY)
        sent = json.loads(response.body) if isinstance(response.body, bytes) and response.body else None
        # Counted when it is done: who sees the count can also see what the request did.
        self._core.record.requests_seen += 1
        entry = RequestEntry(
            number=self._core.record.requests_seen,
            at=at,
            method=request.method,
            path=path,
            body=None if body is None else body.json,
            files=[] if body is None else [upload.filename for upload in body.uploads],
            status=0 if cut else response.status,
            code=sent.get("code") if isinstance(sent, dict) and response.status >= 400 else None,
            response=sent,
            violations=self._violations(request, path, body),
            duration_seconds=time.monotonic() - started,
        )
        if cut and request.transport is not None:
            request.transport.abort()
        self._core.log_request(entry)
        return response

    def _violations(self, request: web.Request, path: str, body: Body | None) -> list[str] | None:
        """Check a request against the specification.

        None where the body was never looked at: a request refused before that, or one that met a fault.
        """
        if body is None and request.body_exists:
            return None
        return self._core.specification.check_request(request.method, path, None if body is None else body.json)

    async def _process(
        self, request: web.Request, handler: Handler, path: str, fault: RestFault | None
    ) -> web.Response:
        try:
            if fault is not None and (fault.status is not None or (fault.cut and not fault.process)):
                await request.read()
                raise _refusal(fault)
            is_open = path.startswith(OPEN_PREFIXES) or path == "/gateway"
            if not is_open and request.headers.get("Authorization") != f"Bot {self._core.token}":
                raise unauthorized()
            headers = self._rate_limits.check(request.method, path) if self._core.enforces_rate_limits else {}
            response = await handler(request)
            response.headers.update(headers)
        except ApiError as error:
            response = answer(error.body, error.status)
            response.headers.update(error.headers)
        except web.HTTPNotFound:
            response = answer(not_found().body, 404)
        except web.HTTPMethodNotAllowed:
            response = answer({"message": "405: Method Not Allowed", "code": 0}, 405)
        if not isinstance(response, web.Response):
            raise TypeError("REST handlers answer with plain responses")
        return response


def _refusal(fault: RestFault) -> ApiError:
    status = fault.status or 500
    if status == 429:
        refusal = limited(fault.retry_after_seconds, scope="user", code=fault.code)
        if not fault.via:
            del refusal.headers["Via"]
        return refusal
    return ApiError(status, fault.code, f"{status}: made by the sandbox")
