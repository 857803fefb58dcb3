"""The way to the Video Studio's levers: they answer on another port, and a page may only ask its own origin."""

from functools import partial

import aiohttp
from aiohttp import web

from sandbox.guard import loopback_only

STUDIO_SECONDS_MAX = 10.0
"""Seconds that one request to the Video Studio may take."""


def studio_route(studio_url: str | None) -> web.RouteDef:
    """Return the route that passes requests on to the Video Studio's sandbox at `studio_url`, if there is one."""

    async def forward(request: web.Request) -> web.StreamResponse:
        if studio_url is None:
            # Not an error: the local Discord may well run alone, and a browser would report an error.
            return web.json_response(None)
        address = f"{studio_url}/sandbox/studio/{request.match_info['path']}"
        timeout = aiohttp.ClientTimeout(total=STUDIO_SECONDS_MAX)
        headers = {"Content-Type": request.content_type} if request.can_read_body else {}
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(request.method, address, data=await request.read(), headers=headers) as answer,
        ):
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)

    return web.route("*", "/playground/studio/{path:.*}", partial(loopback_only, handler=forward))
