"""Messages of a channel."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.body import Body
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, unknown
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.model import Channel, Json, Message
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.common import answer, fields, limit_of, no_content, object_body, path_id, query_id, require
from sandbox.discord.rest.rate_limits import limited
from sandbox.discord.rest.references import References

MESSAGES = "/channels/{channel_id}/messages"
EDIT_OLD_AFTER_SECONDS = 3600
EDITS_OF_OLD_MAX = 3
"""How many edits of messages older than an hour a channel takes in an hour. Discord gives no figure for 30046."""


class MessageRoutes:
    """Routes of the messages that everyone in a channel sees."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._references = References(core)
        self._old_edits: dict[int, list[float]] = {}

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.get(MESSAGES, self.list)
        yield web.post(MESSAGES, self.create)
        yield web.get(MESSAGES + "/{message_id}", self.get)
        yield web.patch(MESSAGES + "/{message_id}", self.edit)
        yield web.delete(MESSAGES + "/{message_id}", self.delete)
        yield web.post("/channels/{channel_id}/typing", self.typing)

    async def list(self, request: web.Request) -> web.Response:
        """Answer GET of messages, newest first."""
        channel = self._channel(request)
        require(self._core, channel)
        limit = limit_of(request, 50, 100)
        bot = self._core.world.bot
        if not self._core.world.may(bot, channel, Permission.READ_MESSAGE_HISTORY):
            return answer([])
        messages = [m for m in channel.messages.values() if m.deleted_at is None and m.visible_to is None]
        window = _window(messages, request, limit)
        return answer([self._payload(message) for message in reversed(window)])

    async def get(self, request: web.Request) -> web.Response:
        """Answer GET of one message."""
        channel, message = self._message(request)
        require(self._core, channel, Permission.READ_MESSAGE_HISTORY)
        return answer(self._payload(message))

    async def create(self, request: web.Request) -> web.Response:
        """Answer POST of a message. The same enforced nonce gives the same message again."""
        channel = self._channel(request)
        body = await object_body(request, self._core)
        self._require_sending(channel, body)
        bot = self._core.world.bot
        if repeated := self._core.messages.repeated(channel, bot, fields(body)):
            return answer(self._payload(repeated))
        origin = self._references.origin(channel, fields(body))
        message = self._core.messages.post(channel, bot, body, origin)
        return answer(self._payload(message))

    async def edit(self, request: web.Request) -> web.Response:
        """Answer PATCH of one of the bot's own messages."""
        channel, message = self._message(request)
        body = await object_body(request, self._core)
        require(self._core, channel)
        if message.author.id != self._core.world.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        self._limit_old_edits(message)
        self._core.messages.edit(message, body)
        return answer(self._payload(message))

    async def delete(self, request: web.Request) -> web.Response:
        """Answer DELETE of a message."""
        channel, message = self._message(request)
        require(self._core, channel)
        if message.author.id != self._core.world.bot.id:
            require(self._core, channel, Permission.MANAGE_MESSAGES)
        self._core.messages.delete(message)
        return no_content()

    async def typing(self, request: web.Request) -> web.Response:
        """Answer POST of the typing indicator."""
        channel = self._channel(request)
        require(self._core, channel, _sending_permission(channel))
        user_id = str(self._core.world.bot.id)
        self._core.changes.publish("typing", channel_id=str(channel.id), user_id=user_id)
        return no_content()

    def _channel(self, request: web.Request) -> Channel:
        return self._core.world.channel(path_id(request, "channel_id"))

    def _message(self, request: web.Request) -> tuple[Channel, Message]:
        """Return a message of the path, with its channel.

        Raises `ApiError` 10008 if it was deleted or is ephemeral.
        """
        channel = self._channel(request)
        message = channel.messages.get(path_id(request, "message_id"))
        if message is None or message.deleted_at is not None or message.visible_to is not None:
            require(self._core, channel)
            raise unknown("Message")
        return channel, message

    def _require_sending(self, channel: Channel, body: Body) -> None:
        needed = [_sending_permission(channel)]
        if body.uploads:
            needed.append(Permission.ATTACH_FILES)
        if fields(body).get("embeds"):
            needed.append(Permission.EMBED_LINKS)
        require(self._core, channel, *needed)
        if channel.is_thread and channel.locked:
            raise ApiError(403, 160005, "Thread is locked")

    def _limit_old_edits(self, message: Message) -> None:
        now = self._core.clock.now()
        if not self._core.enforces_rate_limits or now - message.created_at <= EDIT_OLD_AFTER_SECONDS:
            return
        recent = [moment for moment in self._old_edits.get(message.channel_id, []) if now - moment < 3600]
        if len(recent) >= EDITS_OF_OLD_MAX:
            error = limited(EDIT_OLD_AFTER_SECONDS - (now - recent[0]), scope="user", code=30046)
            error.body["message"] = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise error
        self._old_edits[message.channel_id] = [*recent, now]

    def _payload(self, message: Message) -> Json:
        return message_payload(message, self._core.world, self._core.files)


def _sending_permission(channel: Channel) -> Permission:
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES


def _window(messages: list[Message], request: web.Request, limit: int) -> list[Message]:
    """Return at most `limit` messages, oldest first: the newest, or those before, after or around an id."""
    if (before := query_id(request, "before")) is not None:
        return [m for m in messages if m.id < before][-limit:]
    if (after := query_id(request, "after")) is not None:
        return [m for m in messages if m.id > after][:limit]
    if (middle := query_id(request, "around")) is not None:
        older = [m for m in messages if m.id < middle][-(limit // 2) :]
        return (older + [m for m in messages if m.id >= middle])[:limit]
    return messages[-limit:]
