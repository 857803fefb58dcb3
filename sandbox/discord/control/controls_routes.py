"""The controls over HTTP: POST /sandbox/controls/<name> with a JSON object of its arguments."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields

from aiohttp import web

from sandbox.discord.controls import Controls
from sandbox.discord.core import Core
from sandbox.discord.faults import RestFault
from sandbox.discord.model import Json
from sandbox.discord.permissions import Permission


class ControlsRoutes:
    """One method for each control. It takes the request's object and returns the answer's."""

    def __init__(self, core: Core, controls: Controls) -> None:
        self._core = core
        self._controls = controls

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the control application."""
        for name, use in {
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
            "reset-clock": self.reset_clock,
            "locale": self.locale,
        }.items():
            yield web.post(f"/controls/{name}", _taking_json(use))

    def upload_limit(self, body: Json) -> Json:
        """Take `{"bytes": 8388608 or null, "guild": "Film Club"}`; without a guild it is the default of all."""
        self._controls.set_upload_limit(body["bytes"], body.get("guild"))
        return {}

    def boost_tier(self, body: Json) -> Json:
        """Take `{"guild": "Film Club", "tier": 2}`."""
        self._controls.set_boost_tier(body["guild"], body["tier"])
        return {}

    def permission(self, body: Json) -> Json:
        """Take `{"channel": "videos", "permission": "SEND_MESSAGES", "allowed": false, "user": "mia"}`.

        Without `user` it is about the bot.
        """
        user = self._core.world.personas[body["user"]] if body.get("user") else None
        self._controls.set_permission(body["channel"], Permission[body["permission"]], body["allowed"], user=user)
        return {}

    def delete_channel(self, body: Json) -> Json:
        """Take `{"channel": "videos"}`."""
        self._controls.delete_channel(body["channel"])
        return {}

    def delete_message(self, body: Json) -> Json:
        """Take `{"channel": "videos", "message": "123"}`."""
        self._controls.delete_message(body["channel"], int(body["message"]))
        return {}

    def disconnect(self, body: Json) -> Json:
        """Take `{"resumable": true, "shard": 0}`; both may be left out."""
        dropped = self._controls.disconnect(resumable=body.get("resumable", True), shard=body.get("shard"))
        return {"dropped": dropped}

    def fall_silent(self, body: Json) -> Json:
        """Take `{"shard": 0}`, which may be left out."""
        return {"silent": self._controls.fall_silent(shard=body.get("shard"))}

    def reconnect(self, body: Json) -> Json:
        """Take `{}`."""
        self._controls.ask_to_reconnect()
        return {}

    def fault(self, body: Json) -> Json:
        """Take the fields of `RestFault`: `{"path": "/channels/*/messages", "status": 503, "times": 2}`."""
        known = {field.name for field in fields(RestFault)}
        if unknown := set(body) - known:
            raise ValueError(f"a fault has no {sorted(unknown)}; it has {sorted(known)}")
        self._controls.add_fault(RestFault(**body))
        return {}

    def clear_faults(self, body: Json) -> Json:
        """Take `{}`."""
        self._controls.clear_faults()
        return {}

    def rate_limits(self, body: Json) -> Json:
        """Take `{"enforced": true}`."""
        self._controls.set_rate_limits(bool(body["enforced"]))
        return {}

    def advance_clock(self, body: Json) -> Json:
        """Take `{"seconds": 3600}`; answer with the time then."""
        self._controls.advance_clock(float(body["seconds"]))
        return {"now": self._core.clock.now()}

    def reset_clock(self, body: Json) -> Json:
        """Take `{}`; answer with the time then."""
        self._controls.reset_clock()
        return {"now": self._core.clock.now()}

    def locale(self, body: Json) -> Json:
        """Take `{"user": "mia", "locale": "de"}`: the language of that person's client."""
        self._core.world.personas[body["user"]].locale = body["locale"]
        self._core.changes.publish("world")
        return {}


def _taking_json(use: Callable[[Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        if not isinstance(body, dict):
            raise ValueError("the body must be a JSON object")
        return web.json_response(use(body))

    return handle
