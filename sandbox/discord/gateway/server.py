"""The side of the gateway that bots connect to: HELLO, IDENTIFY, RESUME, heartbeats, and who gets which event."""

import asyncio
from typing import Any

from aiohttp import web

from sandbox.discord.context import Context
from sandbox.discord.gateway.connection import Connection
from sandbox.discord.gateway.reader import GatewayRefused, Reader
from sandbox.discord.gateway.session import Session
from sandbox.discord.ids import shard_of
from sandbox.discord.intents import KNOWN_INTENTS, PRIVILEGED, Intent
from sandbox.discord.model import Channel, Json
from sandbox.discord.payloads import guild_create_payload, member_payload, user_payload
from sandbox.discord.permissions import Permission

HEARTBEAT_GRACE = 1.5
"""Heartbeat intervals that may pass in silence before the connection is given up."""

IDENTIFY_INTERVAL_SECONDS = 5
IDENTIFIES_PER_DAY = 1000


class Gateway:
    """All sessions and connections of the sandbox."""

    def __init__(self, context: Context, *, heartbeat_interval_seconds: float, max_concurrency: int) -> None:
        self._context = context
        self._heartbeat_interval_seconds = heartbeat_interval_seconds
        self._max_concurrency = max_concurrency
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._identified_at: dict[int, float] = {}
        self._identifies = 0

    def bot_payload(self) -> Json:
        """Return the answer to GET /gateway/bot."""
        return {
            "url": self._context.gateway_url,
            "shards": 1,
            "session_start_limit": {
                "total": IDENTIFIES_PER_DAY,
                "remaining": max(0, IDENTIFIES_PER_DAY - self._identifies),
                "reset_after": 86_400_000,
                "max_concurrency": self._max_concurrency,
            },
        }

    def connected_shards(self) -> list[tuple[int, int]]:
        """Return `(shard, shards)` of every session with a live connection."""
        return sorted(session.shard for session in self._sessions.values() if session.connection is not None)

    # Events to the bot

    def dispatch(self, name: str, data: Json, *, guild_id: int | None, intent: Intent = Intent.NONE) -> bool:
        """Send an event to every session of the guild's shard that has `intent`; return whether there was one."""
        reached = False
        for session in self._live_sessions():
            on_shard = shard_of(guild_id or 0, session.shard[1]) == session.shard[0]
            if on_shard and session.intents & intent == intent:
                self._send(session, name, data)
                reached = True
        return reached

    def dispatch_to_channel(self, name: str, data: Json, channel: Channel, intent: Intent | None = None) -> None:
        """Send an event of one channel, if the bot can see it. By default the session needs the messages intent."""
        if self._context.world.may(self._context.world.bot, channel, Permission.VIEW_CHANNEL):
            self.dispatch(name, data, guild_id=channel.guild_id, intent=intent or _messages_intent(channel))

    def dispatch_message(self, name: str, data: Json, channel: Channel) -> None:
        """Send a message event, without its content where the message-content intent is missing."""
        world = self._context.world
        if not world.may(world.bot, channel, Permission.VIEW_CHANNEL):
            return
        intent = _messages_intent(channel)
        bot_id = str(world.bot.id)
        concerns_bot = data["author"]["id"] == bot_id or any(user["id"] == bot_id for user in data["mentions"])
        bare = data | {"content": "", "embeds": [], "attachments": [], "components": []}
        for session in self._live_sessions():
            on_shard = shard_of(channel.guild_id or 0, session.shard[1]) == session.shard[0]
            if on_shard and session.intents & intent:
                readable = channel.guild_id is None or concerns_bot or session.intents & Intent.MESSAGE_CONTENT
                self._send(session, name, data if readable else bare)

    def _live_sessions(self) -> list[Session]:
        moment = asyncio.get_running_loop().time()
        for session in [s for s in self._sessions.values() if s.is_expired(moment)]:
            del self._sessions[session.id]
        return list(self._sessions.values())

    def _send(self, session: Session, name: str, data: Json) -> None:
        session.dispatch(name, data)
        self._context.log_event("to bot", session.shard[0], 0, name, data)

    # Faults of the connection

    def disconnect(self, *, resumable: bool = True, shard: int | None = None) -> int:
        """Drop connections, of one shard or of all, and return how many.

        A session that is not resumable is told so first.
        """
        connected = self._connected(shard)
        for session, connection in connected:
            if resumable:
                connection.close(4000, "The sandbox dropped this connection.")
            else:
                del self._sessions[session.id]
                connection.send({"op": 9, "d": False, "s": None, "t": None})
        return len(connected)

    def fall_silent(self, *, shard: int | None = None) -> int:
        """Make zombies of the connections, of one shard or of all, and return how many."""
        connected = self._connected(shard)
        for _, connection in connected:
            connection.fall_silent()
        return len(connected)

    def ask_to_reconnect(self) -> None:
        """Send opcode 7 to all, as Discord does before it moves a connection."""
        for _, connection in self._connected():
            connection.send({"op": 7, "d": None, "s": None, "t": None})

    def _connected(self, shard: int | None = None) -> list[tuple[Session, Connection]]:
        return [
            (session, session.connection)
            for session in self._sessions.values()
            if session.connection is not None and shard in (None, session.shard[0])
        ]

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self._connections):
            await connection.websocket.close(code=1001, message=b"The sandbox is closing.")

    # Connections

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one WebSocket to its end."""
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        # zstd-stream is answered with plain text, which clients accept at any time.
        connection = Connection(websocket, zlib_stream=request.query.get("compress") == "zlib-stream")
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        session: Session | None = None
        try:
            if request.query.get("v", "10") not in ("9", "10"):
                raise GatewayRefused(4012)
            hello = {"heartbeat_interval": int(self._heartbeat_interval_seconds * 1000), "_trace": []}
            connection.send({"op": 10, "d": hello, "s": None, "t": None})
            reader = Reader(self._context, websocket, self._heartbeat_interval_seconds * HEARTBEAT_GRACE)
            while (payload := await reader.next()) is not None:
                session = self._receive(connection, session, payload)
        except GatewayRefused as refusal:
            if refusal.code == 4009 and session is not None:
                self._sessions.pop(session.id, None)
            connection.close(refusal.code, str(refusal))
            await writer
        finally:
            writer.cancel()
            self._connections.discard(connection)
            if session is not None:
                session.detach(connection, asyncio.get_running_loop().time())
                self._context.changes.publish("gateway", shards=self.connected_shards())
        return websocket

    def _receive(self, connection: Connection, session: Session | None, payload: Json) -> Session | None:
        op, data = payload.get("op"), payload.get("d")
        shard = session.shard[0] if session else 0
        shown = {**data, "token": "hidden"} if isinstance(data, dict) and "token" in data else data
        self._context.log_event("from bot", shard, op if isinstance(op, int) else -1, None, shown)
        match op:
            case 1:
                connection.send({"op": 11, "d": None, "s": None, "t": None})
            case 2 | 6 if session is not None:
                raise GatewayRefused(4005)
            case 2:
                return self._identify(connection, data if isinstance(data, dict) else {})
            case 6:
                return self._resume(connection, data if isinstance(data, dict) else {})
            case 3 | 4 | 8:
                if session is None:
                    raise GatewayRefused(4003)
                if op == 8:
                    self._send_members(session, data if isinstance(data, dict) else {})
            case _:
                raise GatewayRefused(4001)
        return session

    def _identify(self, connection: Connection, data: Json) -> Session | None:
        if data.get("token") != self._context.token:
            raise GatewayRefused(4004)
        shard = _shard(data.get("shard", [0, 1]))
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            raise GatewayRefused(4013)
        if intents & PRIVILEGED & ~self._context.privileged_intents:
            raise GatewayRefused(4014)
        if not self._may_identify(shard[0]):
            connection.send({"op": 9, "d": False, "s": None, "t": None})
            return None
        session = Session(shard, intents, connection)
        self._sessions[session.id] = session
        world = self._context.world
        guilds = [
            guild
            for guild in world.guilds.values()
            if world.bot.id in guild.members and shard_of(guild.id, shard[1]) == shard[0]
        ]
        ready = {
            "v": 10,
            "user": user_payload(world.bot) | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._context.gateway_url,
            "shard": list(shard),
            "application": {
                "id": str(world.application_id),
                "flags": self._context.application_flags,
                "flags_new": str(self._context.application_flags),
            },
            "session_type": "normal",
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "user_settings": {},
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "_trace": [],
        }
        self._send(session, "READY", ready)
        if intents & Intent.GUILDS:
            with_members = bool(intents & Intent.GUILD_PRESENCES)
            for guild in guilds:
                self._send(session, "GUILD_CREATE", guild_create_payload(world, guild, with_members=with_members))
        self._context.changes.publish("gateway", shards=self.connected_shards())
        return session

    def _may_identify(self, shard: int) -> bool:
        self._identifies += 1
        if not self._context.enforces_rate_limits:
            return True
        slot = shard % self._max_concurrency
        moment = asyncio.get_running_loop().time()
        allowed = moment - self._identified_at.get(slot, -IDENTIFY_INTERVAL_SECONDS) >= IDENTIFY_INTERVAL_SECONDS
        if allowed:
            self._identified_at[slot] = moment
        return allowed and self._identifies <= IDENTIFIES_PER_DAY

    def _resume(self, connection: Connection, data: Json) -> Session | None:
        if data.get("token") != self._context.token:
            raise GatewayRefused(4004)
        self._live_sessions()
        session = self._sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or not session.can_resume_from(sequence):
            connection.send({"op": 9, "d": False, "s": None, "t": None})
            return None
        session.attach(connection, sequence)
        self._send(session, "RESUMED", {"_trace": []})
        self._context.changes.publish("gateway", shards=self.connected_shards())
        return session

    def _send_members(self, session: Session, data: Json) -> None:
        """Answer opcode 8 with one chunk, since the sandbox's guilds are small."""
        guild = self._context.world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None:
            return
        wanted = data.get("user_ids")
        ids = {int(i) for i in (wanted if isinstance(wanted, list) else [wanted])} if wanted else None
        query = str(data.get("query") or "").lower()
        members = [
            member
            for member in guild.members.values()
            if (member.user.id in ids if ids is not None else member.user.name.startswith(query))
        ]
        chunk: dict[str, Any] = {
            "guild_id": str(guild.id),
            "members": [member_payload(member) for member in members],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        self._send(session, "GUILD_MEMBERS_CHUNK", chunk)


def _messages_intent(channel: Channel) -> Intent:
    return Intent.DIRECT_MESSAGES if channel.guild_id is None else Intent.GUILD_MESSAGES


def _shard(value: Any) -> tuple[int, int]:
    match value:
        case [int(shard), int(shards)] if 0 <= shard < shards:
            return shard, shards
    raise GatewayRefused(4010)
