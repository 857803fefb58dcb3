"""Guilds, their channels, roles and members. They can only be read: a bot of this kind changes none of them."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import unknown
from sandbox.discord.payloads import channel_payload, guild_payload, member_payload, role_payload
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.common import answer, joined_guild, limit_of, path_id, query_id

GUILD = "/guilds/{guild_id}"


class GuildRoutes:
    """Routes of guilds that the bot is in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.get(GUILD, self.get)
        yield web.get(GUILD + "/channels", self.channels)
        yield web.get(GUILD + "/threads/active", self.threads)
        yield web.get(GUILD + "/roles", self.roles)
        yield web.get(GUILD + "/roles/{role_id}", self.role)
        yield web.get(GUILD + "/members", self.members)
        yield web.get(GUILD + "/members/{user_id}", self.member)

    async def get(self, request: web.Request) -> web.Response:
        """Answer GET of a guild."""
        guild = joined_guild(self._core, request)
        payload = guild_payload(guild)
        if request.query.get("with_counts", "").lower() in ("1", "true"):
            payload |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        return answer(payload)

    async def channels(self, request: web.Request) -> web.Response:
        """Answer GET of a guild's channels, without threads."""
        return answer(
            [channel_payload(channel) for channel in self._core.world.channels_of(joined_guild(self._core, request))]
        )

    async def threads(self, request: web.Request) -> web.Response:
        """Answer GET of the active threads that the bot sees."""
        world = self._core.world
        visible = [
            thread
            for thread in world.threads_of(joined_guild(self._core, request))
            if not thread.archived and world.may(world.bot, thread, Permission.VIEW_CHANNEL)
        ]
        return answer({"threads": [channel_payload(thread) for thread in visible], "members": []})

    async def roles(self, request: web.Request) -> web.Response:
        """Answer GET of all roles."""
        return answer([role_payload(role) for role in joined_guild(self._core, request).roles.values()])

    async def role(self, request: web.Request) -> web.Response:
        """Answer GET of one role."""
        role = joined_guild(self._core, request).roles.get(path_id(request, "role_id"))
        if role is None:
            raise unknown("Role")
        return answer(role_payload(role))

    async def members(self, request: web.Request) -> web.Response:
        """Answer GET of members, in the order of their ids."""
        guild = joined_guild(self._core, request)
        limit = limit_of(request, 1, 1000)
        after = query_id(request, "after") or 0
        found = sorted((m for m in guild.members.values() if m.user.id > after), key=lambda m: m.user.id)
        return answer([member_payload(member) for member in found[:limit]])

    async def member(self, request: web.Request) -> web.Response:
        """Answer GET of one member."""
        member = joined_guild(self._core, request).members.get(path_id(request, "user_id"))
        if member is None:
            raise unknown("Member")
        return answer(member_payload(member))
