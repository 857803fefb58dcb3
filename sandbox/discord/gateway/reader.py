"""Reading a gateway connection: payloads, or the reason for closing it."""

import asyncio
import json

from aiohttp import WSMsgType, web

from sandbox.discord.context import Context
from sandbox.discord.model import Json

PAYLOAD_BYTES_MAX = 4096
COMMANDS_PER_MINUTE_MAX = 120

CLOSE_REASONS = {
    4001: "Unknown opcode.",
    4002: "Error while decoding payload.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4008: "You are being rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4012: "Invalid API version.",
    4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}


class GatewayRefused(Exception):
    """Ends the connection with a close code from Discord's table."""

    def __init__(self, code: int) -> None:
        super().__init__(CLOSE_REASONS[code])
        self.code = code


class Reader:
    """The payloads of one connection.

    Raises `GatewayRefused` when one is malformed, when they flood, or when the bot is silent for too long.
    """

    def __init__(self, context: Context, websocket: web.WebSocketResponse, silence_seconds_max: float) -> None:
        self._context = context
        self._websocket = websocket
        self._silence_seconds_max = silence_seconds_max
        self._loop = asyncio.get_running_loop()
        self._last_heartbeat = self._loop.time()
        self._received: list[float] = []

    async def next(self) -> Json | None:
        """Return the next payload; None when the bot has closed the connection."""
        try:
            async with asyncio.timeout_at(self._last_heartbeat + self._silence_seconds_max):
                message = await self._websocket.receive()
        except TimeoutError:
            raise GatewayRefused(4009) from None
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return None
        now = self._loop.time()
        self._received = [*(moment for moment in self._received if now - moment < 60), now]
        if self._context.enforces_rate_limits and len(self._received) > COMMANDS_PER_MINUTE_MAX:
            raise GatewayRefused(4008)
        payload = self._decode(message.data)
        if payload.get("op") == 1:
            self._last_heartbeat = now
        return payload

    @staticmethod
    def _decode(data: str | bytes) -> Json:
        if len(data) > PAYLOAD_BYTES_MAX:
            raise GatewayRefused(4002)
        try:
            payload = json.loads(data)
        except ValueError:
            raise GatewayRefused(4002) from None
        if not isinstance(payload, dict):
            raise GatewayRefused(4002)
        return payload
