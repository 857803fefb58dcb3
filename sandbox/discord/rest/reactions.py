"""Reactions to messages over REST."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import unknown
from sandbox.discord.model import Message, User
from sandbox.discord.payloads import user_payload
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.common import answer, limit_of, no_content, path_id, query_id, require

REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions"
ONE_EMOJI = REACTIONS + "/{emoji}"


class ReactionRoutes:
    """Routes of reactions: the bot's own, who reacted, and taking others' away."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.put(ONE_EMOJI + "/@me", self.react)
        yield web.delete(ONE_EMOJI + "/@me", self.unreact)
        yield web.delete(ONE_EMOJI + "/{user_id}", self.remove)
        yield web.get(ONE_EMOJI, self.people)
        yield web.delete(ONE_EMOJI, self.clear_emoji)
        yield web.delete(REACTIONS, self.clear)

    async def react(self, request: web.Request) -> web.Response:
        """Answer PUT of the bot's reaction."""
        message = self._message(request, Permission.READ_MESSAGE_HISTORY)
        self._core.reactions.add(message, self._core.world.bot, request.match_info["emoji"])
        return no_content()

    async def unreact(self, request: web.Request) -> web.Response:
        """Answer DELETE of the bot's reaction."""
        self._core.reactions.remove(self._message(request), self._core.world.bot, request.match_info["emoji"])
        return no_content()

    async def remove(self, request: web.Request) -> web.Response:
        """Answer DELETE of somebody's reaction."""
        message = self._message(request, Permission.MANAGE_MESSAGES)
        user = self._core.world.users.get(path_id(request, "user_id"))
        if user is None:
            raise unknown("User")
        self._core.reactions.remove(message, user, request.match_info["emoji"])
        return no_content()

    async def people(self, request: web.Request) -> web.Response:
        """Answer GET of who reacted with one emoji, in the order of their ids.

        There are no super reactions, so a listing of those is empty. Raises `ApiError` 10014 where nobody used it.
        """
        message = self._message(request, Permission.READ_MESSAGE_HISTORY)
        limit, after = limit_of(request, 25, 100), query_id(request, "after") or 0
        who = message.reactions.get(request.match_info["emoji"])
        if who is None:
            raise unknown("Emoji")
        shown = sorted(user_id for user_id in who if user_id > after)[:limit]
        users: list[User] = [] if request.query.get("type") == "1" else [self._core.world.users[i] for i in shown]
        return answer([user_payload(user) for user in users])

    async def clear_emoji(self, request: web.Request) -> web.Response:
        """Answer DELETE of all reactions with one emoji."""
        self._core.reactions.clear(self._message(request, Permission.MANAGE_MESSAGES), request.match_info["emoji"])
        return no_content()

    async def clear(self, request: web.Request) -> web.Response:
        """Answer DELETE of all reactions."""
        self._core.reactions.clear(self._message(request, Permission.MANAGE_MESSAGES))
        return no_content()

    def _message(self, request: web.Request, *needed: Permission) -> Message:
        channel = self._core.world.channel(path_id(request, "channel_id"))
        require(self._core, channel, *needed)
        return self._core.message(channel, path_id(request, "message_id"))
