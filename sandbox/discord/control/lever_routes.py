"""The levers over HTTP: POST /sandbox/levers/<name> with a JSON object of its arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.levers import Levers
from sandbox.discord.model import Json
from sandbox.discord.permissions import Permission
from sandbox.discord.switches import Fault


class LeverRoutes:
    def __init__(self, core: Core, levers: Levers) -> None:
        self._core = core
        self._levers = levers

    def routes(self) -> Iterable[web.RouteDef]:
        for name, pull in {
            "upload-limit": self.upload_limit,
            "boost-tier": self.boost_tier,
            "permission": self.permission,
            "delete-channel": self.delete_channel,
            "delete-message": self.delete_message,
            "disconnect": self.disconnect,
            "fall-silent": self.fall_silent,
            "reconnect": self.reconnect,
            "fault": self.fault,
            "clear-faults": self.clear_faults,
            "rate-limits": self.rate_limits,
            "advance-clock": self.advance_clock,
            "locale": self.locale,
        }.items():
            yield web.post(f"/levers/{name}", _taking_json(pull))

    def upload_limit(self, body: Json) -> Json:
        """`{"bytes": 8388608 or null, "guild": "Film Club"}`; without a guild the default of all."""
        self._levers.set_upload_limit(body["bytes"], body.get("guild"))
        return {}

    def boost_tier(self, body: Json) -> Json:
        """`{"guild": "Film Club", "tier": 2}`"""
        self._levers.set_boost_tier(body["guild"], body["tier"])
        return {}

    def permission(self, body: Json) -> Json:
        """`{"channel": "videos", "permission": "SEND_MESSAGES", "allowed": false, "user": "mia"}`, or the bot."""
        user = self._core.world.personas[body["user"]] if body.get("user") else None
        self._levers.set_permission(body["channel"], Permission[body["permission"]], body["allowed"], user=user)
        return {}

    def delete_channel(self, body: Json) -> Json:
        """`{"channel": "videos"}`"""
        self._levers.delete_channel(body["channel"])
        return {}

    def delete_message(self, body: Json) -> Json:
        """`{"channel": "videos", "message": "123"}`"""
        self._levers.delete_message(body["channel"], int(body["message"]))
        return {}

    def disconnect(self, body: Json) -> Json:
        """`{"resumable": true, "shard": 0}`; both may be left out."""
        dropped = self._levers.disconnect(resumable=body.get("resumable", True), shard=body.get("shard"))
        return {"dropped": dropped}

    def fall_silent(self, body: Json) -> Json:
        """`{"shard": 0}`, which may be left out."""
        return {"silent": self._levers.fall_silent(shard=body.get("shard"))}

    def reconnect(self, body: Json) -> Json:
        self._levers.ask_to_reconnect()
        return {}

    def fault(self, body: Json) -> Json:
        """The fields of `Fault`: `{"method": "POST", "path": "/channels/*/messages", "status": 503, "times": 2}`."""
        known = {field.name for field in fields(Fault)}
        if unknown := set(body) - known:
            raise ValueError(f"a fault has no {sorted(unknown)}; it has {sorted(known)}")
        self._levers.fault(Fault(**body))
        return {}

    def clear_faults(self, body: Json) -> Json:
        self._levers.clear_faults()
        return {}

    def rate_limits(self, body: Json) -> Json:
        """`{"enforced": true}`"""
        self._levers.set_rate_limits(bool(body["enforced"]))
        return {}

    def advance_clock(self, body: Json) -> Json:
        """`{"seconds": 3600}`"""
        self._levers.advance_clock(float(body["seconds"]))
        return {"now": self._core.clock.now()}

    def locale(self, body: Json) -> Json:
        """`{"user": "mia", "locale": "de"}`: the language of that person's client."""
        self._core.world.personas[body["user"]].locale = body["locale"]
        self._core.changes.publish("world")
        return {}


def _taking_json(pull: Callable[[Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        if not isinstance(body, dict):
            raise ValueError("the body must be a JSON object")
        return web.json_response(pull(body))

    return handle
