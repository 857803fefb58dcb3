"""What surrounds every route of the provider: records, the faults that are switched on, and refusals as JSON."""

import asyncio
import json
import math
from email.utils import formatdate
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.studio.core import StudioCore
from sandbox.studio.faults import Route, StudioFault
from sandbox.studio.records import PostRecord, RequestRecord
from sandbox.studio.validation import RequestRefused

HUGE_BODY_BYTES = 17 * 1024 * 1024
"""Size of the `huge` garbage."""
POST_RECORD = web.RequestKey("post_record", PostRecord)
EMPTY_ACCOUNT = web.RequestKey("empty_account", bool)
"""Set where the account is to be taken for empty."""
DOWNLOAD_FAULT = web.RequestKey("download_fault", StudioFault)

ROUTE_NAMES: tuple[Route, ...] = ("generate", "status", "history", "models", "media")


def observed(studio: StudioCore) -> Middleware:
    """Make the middleware of one Video Studio."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = _route(request)
        if route is None:
            return await _refusals_as_json(request, handler)
        at = studio.clock.now()
        post = PostRecord(at, request.path, await _body(request)) if route == "generate" else None
        if post:
            # Noted before anything can go wrong, as a server's access log would not.
            request[POST_RECORD] = post
            studio.records.posts.append(post)
        status: int | None = None
        try:
            response = await _with_faults(studio, route, request, handler, post)
            status = None if response is None else response.status
        finally:
            if post:
                post.status = status
            studio.records.note_request(RequestRecord(at, request.method, request.path, route, status))
            studio.changed()
        if response is None:
            return _cut(request)
        if not response.prepared:
            response.headers["Date"] = formatdate(studio.clock.now(), usegmt=True)
        return response

    return observe


def _route(request: web.Request) -> Route | None:
    name = request.match_info.route.name or ""
    for route in ROUTE_NAMES:
        if name == route or name.startswith(f"{route}-"):
            return route
    return None


async def _with_faults(
    studio: StudioCore, route: Route, request: web.Request, handler: Handler, post: PostRecord | None
) -> web.StreamResponse | None:
    """Return the answer, or None if the connection must be cut."""
    fault: StudioFault | None = None
    for struck in studio.faults.take(route):
        if struck.kind == "latency":
            await asyncio.sleep(struck.seconds)
        else:
            fault = struck
        if post:
            post.fault = struck.kind
    if fault is None:
        return await _refusals_as_json(request, handler)
    match fault.kind:
        case "cut_before":
            return None
        case "error_before":
            return _error(fault.status, "Service temporarily unavailable")
        case "rate_limited":
            response = _error(429, "Rate limit exceeded. Please try again later.")
            response.headers["Retry-After"] = str(math.ceil(fault.seconds))
            return response
        case "unauthorized":
            return _error(401, "Invalid API key")
        case "payment_required":
            request[EMPTY_ACCOUNT] = True
    if route == "media":
        request[DOWNLOAD_FAULT] = fault
    answer = await _refusals_as_json(request, handler)
    match fault.kind:
        case "cut_after":
            return None
        case "error_after":
            return _error(fault.status, "Bad gateway")
        case "garbage":
            return _garbage(fault, answer)
    return answer


async def _refusals_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RequestRefused as refused:
        post = request.get(POST_RECORD)
        if post:
            post.error = refused.error
        response = _error(refused.status, refused.error, **refused.extra)
        response.headers.update(refused.headers)
        return response
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(error.status, error.reason)


def _error(status: int, error: str, **extra: Any) -> web.Response:
    return web.json_response({"success": False, "error": error, **extra}, status=status)


def _garbage(fault: StudioFault, response: web.StreamResponse) -> web.Response:
    """Make a body that cannot be used, under the true answer's status."""
    if fault.style == "not_json":
        page = "<!doctype html><title>Just a moment…</title><h1>Checking your browser</h1>"
        return web.Response(text=page, content_type="text/html", status=response.status)
    if fault.style == "wrong_json":
        return web.json_response({"ok": "maybe", "result": [None, 7]}, status=response.status)
    body = b""
    if fault.style == "truncated" and isinstance(response, web.Response) and isinstance(response.body, bytes):
        body = response.body[: len(response.body) // 2]
    elif fault.style == "huge":
        body = b'{"success": true, "padding": "' + b"x" * HUGE_BODY_BYTES + b'"}'
    return web.Response(body=body, content_type="application/json", status=response.status)


def _cut(request: web.Request) -> web.Response:
    """Break the connection; the response that the server insists on goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


async def _body(request: web.Request) -> Any:
    raw = await request.read()
    try:
        return json.loads(raw)
    except ValueError:
        return raw[:2000].decode(errors="replace")
