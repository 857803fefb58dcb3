"""What the page needs beside the sandbox's own control routes, and behind the same guard: changes, and the Studio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

if TYPE_CHECKING:
    from sandbox.discord.changes import Changes

STUDIO_SECONDS_MAX = 10.0
PING_SECONDS = 20.0


def control_routes(changes: Changes, studio_url: str | None) -> Sequence[web.RouteDef]:
    """For adding to the control application, which is mounted at /sandbox.

    `studio_url` is where the Video Studio's sandbox answers, if there is one: its levers then have the page's origin.
    """
    return [
        web.get("/changes", _changes(changes)),
        web.route("*", "/studio/{path:.*}", _studio(studio_url)),
    ]


def _changes(changes: Changes) -> Handler:
    async def serve(request: web.Request) -> web.WebSocketResponse:
        """Every change as a JSON message. Not server-sent events: of those a browser opens six per site at most, which
        five people in five tabs would use up."""
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        with changes.subscribe() as subscription:
            pump = asyncio.create_task(_until_closed(socket))
            try:
                while not pump.done():
                    following = asyncio.ensure_future(subscription.next())
                    await asyncio.wait({pump, following}, return_when=asyncio.FIRST_COMPLETED)
                    if not following.done():
                        following.cancel()
                        break
                    change = following.result()
                    if change is None:
                        break
                    await socket.send_str(json.dumps({"kind": change.kind, **change.data}))
            except ConnectionError:
                pass  # The tab was closed in the middle of a message.
            finally:
                pump.cancel()
        await socket.close()
        return socket

    return serve


async def _until_closed(socket: web.WebSocketResponse) -> None:
    """The page says nothing; reading is how its leaving is noticed."""
    async for _ in socket:
        pass


def _studio(studio_url: str | None) -> Handler:
    async def forward(request: web.Request) -> web.Response:
        if studio_url is None:
            # Not an error: the sandbox may well stand alone, and a browser would report one.
            return web.json_response(None)
        address = f"{studio_url}/sandbox/studio/{request.match_info['path']}"
        timeout = aiohttp.ClientTimeout(total=STUDIO_SECONDS_MAX)
        headers = {"Content-Type": request.content_type} if request.can_read_body else {}
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(request.method, address, data=await request.read(), headers=headers) as answer,
        ):
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)

    return forward
