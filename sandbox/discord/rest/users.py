"""Users, the application, the gateway's address, and opening direct messages."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import cannot_send_to_user, invalid_form, unknown
from sandbox.discord.model import Json, User
from sandbox.discord.payloads import channel_payload, guild_payload, user_payload
from sandbox.discord.permissions import base_permissions
from sandbox.discord.rest.common import answer, fields, joined_guild, no_content, object_body, path_id


class UserRoutes:
    """Routes about users and about the bot itself."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.get("/users/@me", self.me)
        yield web.get("/users/@me/guilds", self.my_guilds)
        yield web.delete("/users/@me/guilds/{guild_id}", self.leave_guild)
        yield web.post("/users/@me/channels", self.open_dm)
        yield web.get("/users/{user_id}", self.user)
        yield web.get("/oauth2/applications/@me", self.application)
        yield web.get("/applications/@me", self.application)
        yield web.get("/gateway", self.gateway)
        yield web.get("/gateway/bot", self.gateway_bot)

    async def me(self, request: web.Request) -> web.Response:
        """Answer GET of the bot's user."""
        payload = user_payload(self._core.world.bot)
        return answer(payload | {"locale": "en-US", "mfa_enabled": False, "verified": True, "email": None})

    async def user(self, request: web.Request) -> web.Response:
        """Answer GET of any user."""
        return answer(user_payload(self._user(path_id(request, "user_id"))))

    async def my_guilds(self, request: web.Request) -> web.Response:
        """Answer GET of the guilds that the bot is in."""
        world = self._core.world
        mine = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
        return answer(
            [
                {key: guild_payload(guild)[key] for key in ("id", "name", "icon", "banner", "features")}
                | {"owner": False, "permissions": str(base_permissions(guild, guild.members[world.bot.id]))}
                for guild in mine
            ]
        )

    async def leave_guild(self, request: web.Request) -> web.Response:
        """Answer DELETE of the bot's own membership."""
        guild = joined_guild(self._core, request)
        self._core.member_left(guild, guild.members.pop(self._core.world.bot.id).user)
        return no_content()

    async def open_dm(self, request: web.Request) -> web.Response:
        """Answer POST of a channel of direct messages. There is one for each person."""
        body = fields(await object_body(request, self._core))
        recipient = body.get("recipient_id")
        if recipient is None or not str(recipient).isdecimal():
            raise invalid_form(("recipient_id",), "BASE_TYPE_REQUIRED", "This field is required")
        user = self._user(int(recipient))
        if user.bot:
            raise cannot_send_to_user()
        return answer(channel_payload(self._core.world.dm_channel(user, self._core.ids.next())))

    async def application(self, request: web.Request) -> web.Response:
        """Answer GET of the application."""
        world = self._core.world
        payload: Json = {
            "id": str(world.application_id),
            "name": world.application_name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": user_payload(world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "summary": "",
            "verify_key": "0" * 64,
            "flags": self._core.application_flags,
            "flags_new": str(self._core.application_flags),
            "owner": user_payload(world.owner),
            "team": None,
            "hook": True,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "integration_types_config": {"0": {}},
            "approximate_guild_count": len(world.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": ["applications.commands", "bot"],
            "rpc_origins": [],
            "tags": [],
            **world.portal,
        }
        return answer(payload)

    async def gateway(self, request: web.Request) -> web.Response:
        """Answer GET of the gateway's address."""
        return answer({"url": self._core.gateway_url})

    async def gateway_bot(self, request: web.Request) -> web.Response:
        """Answer GET of the gateway's address and how many sessions may be started."""
        return answer(self._core.gateway.bot_payload())

    def _user(self, user_id: int) -> User:
        if user := self._core.world.users.get(user_id):
            return user
        raise unknown("User")
