"""The stream of all changes, in two forms: server-sent events and a WebSocket."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.changes import Change, Changes

PING_SECONDS = 20.0
"""Seconds between two pings of a WebSocket."""


class ChangesRoutes:
    """Each change is `{"kind": ..., ...}`; see `changes.py` for the kinds."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the control application."""
        yield web.get("/events", self.stream)
        yield web.get("/changes", self.serve)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send changes as server-sent events, which `curl` shows as they are."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with self._changes.subscribe() as subscription:
            await response.write(b": connected\n\n")
            while (change := await subscription.next()) is not None:
                try:
                    await response.write(f"data: {_text(change)}\n\n".encode())
                except ConnectionError:
                    break
        return response

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Send changes over a WebSocket.

        A browser opens six streams of server-sent events per site at most. Five people in five tabs would use them up.
        """
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        with self._changes.subscribe() as subscription:
            leaving = asyncio.create_task(_until_closed(socket))
            try:
                while not leaving.done():
                    following = asyncio.ensure_future(subscription.next())
                    await asyncio.wait({leaving, following}, return_when=asyncio.FIRST_COMPLETED)
                    if not following.done():
                        following.cancel()
                        break
                    change = following.result()
                    if change is None:
                        break
                    await socket.send_str(_text(change))
            except ConnectionError:
                pass  # The tab was closed in the middle of a message.
            finally:
                leaving.cancel()
        await socket.close()
        return socket


def _text(change: Change) -> str:
    return json.dumps({"kind": change.kind, **change.data})


async def _until_closed(socket: web.WebSocketResponse) -> None:
    """Return when the other side has left; it says nothing, so reading is how its leaving is noticed."""
    async for _ in socket:
        pass
