"""Reading the sandbox: what exists, what was requested, what was ever posted."""

from collections.abc import Iterable
from dataclasses import asdict

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.model import Guild, Json
from sandbox.discord.payloads import channel_payload, member_payload, role_payload, user_payload

ENTRIES_DEFAULT = 200


class ReadingRoutes:
    """Routes that change nothing."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the control application."""
        yield web.get("/state", self.state)
        yield web.get("/commands", self.commands)
        yield web.get("/record/requests", self.requests)
        yield web.get("/record/events", self.events)
        yield web.get("/record/messages", self.messages)
        yield web.get("/record/violations", self.violations)

    async def state(self, request: web.Request) -> web.Response:
        """Answer with what exists, and with all settings."""
        world = self._core.world
        return web.json_response(
            {
                "application": {"id": str(world.application_id), "name": world.application_name},
                "bot": user_payload(world.bot),
                "personas": [user_payload(u) | {"locale": u.locale} for u in world.personas.values()],
                "guilds": [self._guild(guild) for guild in world.guilds.values()],
                "connected_shards": self._core.gateway.connected_shards(),
                "now": self._core.clock.now(),
                "rate_limits": self._core.enforces_rate_limits,
                "faults": [asdict(fault) for fault in self._core.faults.pending],
                "specification": self._core.specification.is_present,
            }
        )

    async def commands(self, request: web.Request) -> web.Response:
        """Answer with all registered commands, whoever may see them."""
        scopes: list[int | None] = [None, *self._core.world.guilds]
        return web.json_response([command for scope in scopes for command in self._core.commands.all(scope)])

    async def requests(self, request: web.Request) -> web.Response:
        """Answer with the newest `limit` REST requests, or with those numbered above `after`."""
        entries = [asdict(e) for e in self._core.record.requests if e.number > int(request.query.get("after", "0"))]
        return web.json_response(entries[-_limit(request) :])

    async def events(self, request: web.Request) -> web.Response:
        """Answer with the newest `limit` gateway messages, or with those numbered above `after`."""
        entries = [asdict(e) for e in self._core.record.events if e.number > int(request.query.get("after", "0"))]
        return web.json_response(entries[-_limit(request) :])

    async def messages(self, request: web.Request) -> web.Response:
        """Answer with every message ever created, of one `channel` or of all. Ids are numbers here."""
        channel = request.query.get("channel")
        facts = self._core.record.messages(None if channel is None else int(channel))
        return web.json_response([asdict(fact) for fact in facts])

    async def violations(self, request: web.Request) -> web.Response:
        """Answer with every difference from Discord's specification."""
        return web.json_response(self._core.record.violations())

    def _guild(self, guild: Guild) -> Json:
        world = self._core.world
        return {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner_id),
            "premium_tier": guild.premium_tier,
            "upload_limit_bytes": world.upload_limit_bytes(guild),
            "channels": [channel_payload(channel) for channel in world.channels_of(guild)],
            "threads": [channel_payload(thread) for thread in world.threads_of(guild)],
            "roles": [role_payload(role) for role in guild.roles.values()],
            "members": [member_payload(member) for member in guild.members.values()],
        }


def _limit(request: web.Request) -> int:
    return max(1, int(request.query.get("limit", ENTRIES_DEFAULT)))
