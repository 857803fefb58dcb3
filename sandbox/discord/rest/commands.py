"""Registering application commands, globally and per guild."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.rest.common import answer, body_of, fields, joined_guild, no_content, object_body, path_id

GLOBAL = "/applications/{application_id}/commands"
GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


class CommandRoutes:
    """The same routes twice: for global commands and for those of a guild."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        for base in (GLOBAL, GUILD):
            yield web.get(base, self.list)
            yield web.put(base, self.overwrite)
            yield web.post(base, self.create)
            yield web.get(base + "/{command_id}", self.get)
            yield web.patch(base + "/{command_id}", self.edit)
            yield web.delete(base + "/{command_id}", self.delete)

    async def list(self, request: web.Request) -> web.Response:
        """Answer GET of all commands."""
        return answer(self._core.commands.all(self._scope(request)))

    async def get(self, request: web.Request) -> web.Response:
        """Answer GET of one command."""
        return answer(self._core.commands.get(self._scope(request), path_id(request, "command_id")))

    async def overwrite(self, request: web.Request) -> web.Response:
        """Answer PUT of all commands."""
        body = await body_of(request, self._core)
        return answer(self._core.commands.overwrite(self._scope(request), body.json))

    async def create(self, request: web.Request) -> web.Response:
        """Answer POST of a command: 201 if it is new, 200 if it replaces one."""
        body = await object_body(request, self._core)
        command, is_new = self._core.commands.create(self._scope(request), fields(body))
        return answer(command, 201 if is_new else 200)

    async def edit(self, request: web.Request) -> web.Response:
        """Answer PATCH of a command."""
        body = await object_body(request, self._core)
        command_id = path_id(request, "command_id")
        return answer(self._core.commands.edit(self._scope(request), command_id, fields(body)))

    async def delete(self, request: web.Request) -> web.Response:
        """Answer DELETE of a command."""
        self._core.commands.delete(self._scope(request), path_id(request, "command_id"))
        return no_content()

    def _scope(self, request: web.Request) -> int | None:
        """Return the guild's id of the path; None for global commands."""
        if path_id(request, "application_id") != self._core.world.application_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        if "guild_id" not in request.match_info:
            return None
        return joined_guild(self._core, request).id
