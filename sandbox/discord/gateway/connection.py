"""One WebSocket of a bot. What is sent keeps its order, and sending never waits."""

import asyncio
import json
import zlib
from dataclasses import dataclass

from aiohttp import web

from sandbox.discord.model import Json


@dataclass(frozen=True, slots=True)
class _Close:
    code: int
    reason: str


class Connection:
    """The sending half of a WebSocket. With `zlib_stream` everything is compressed in one stream."""

    def __init__(self, websocket: web.WebSocketResponse, *, zlib_stream: bool) -> None:
        self.websocket = websocket
        self._compressor = zlib.compressobj() if zlib_stream else None
        self._outgoing: asyncio.Queue[Json | _Close] = asyncio.Queue()
        self._is_silent = False

    def send(self, payload: Json) -> None:
        """Queue a payload."""
        if not self._is_silent:
            self._outgoing.put_nowait(payload)

    def fall_silent(self) -> None:
        """Send nothing more, not even answers to heartbeats. The socket stays open."""
        self._is_silent = True

    def close(self, code: int, reason: str) -> None:
        """Close the socket after what was already queued."""
        self._outgoing.put_nowait(_Close(code, reason))

    async def write(self) -> None:
        """Send what is queued until the connection closes; runs as a task beside the reader."""
        while True:
            item = await self._outgoing.get()
            try:
                if isinstance(item, _Close):
                    await self.websocket.close(code=item.code, message=item.reason.encode())
                    return
                await self._write_one(json.dumps(item, separators=(",", ":")))
            except ConnectionError:
                return

    async def _write_one(self, text: str) -> None:
        if self._compressor is None:
            await self.websocket.send_str(text)
            return
        # One shared zlib context for the whole connection; each message ends with a flush (00 00 FF FF).
        data = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
        await self.websocket.send_bytes(data)
