"""Channels and threads."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, FormErrors
from sandbox.discord.model import Channel, ChannelType, Json, MessageFlag
from sandbox.discord.payloads import channel_payload
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.common import answer, fields, limit_of, no_content, object_body, path_id, require
from sandbox.discord.rest.forums import Forums
from sandbox.discord.rules.fields import text

CHANNEL = "/channels/{channel_id}"
AUTO_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


class ChannelRoutes:
    """Routes of single channels, and of the threads in them."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._forums = Forums(core)

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.get(CHANNEL, self.get)
        yield web.patch(CHANNEL, self.edit)
        yield web.delete(CHANNEL, self.delete)
        yield web.post(CHANNEL + "/threads", self.start_thread)
        yield web.post(CHANNEL + "/messages/{message_id}/threads", self.start_thread_from_message)
        yield web.get(CHANNEL + "/threads/archived/public", self.archived_threads)
        yield web.put(CHANNEL + "/thread-members/@me", self.join_thread)
        yield web.delete(CHANNEL + "/thread-members/@me", self.leave_thread)

    async def get(self, request: web.Request) -> web.Response:
        """Answer GET of a channel."""
        channel = self._channel(request)
        require(self._core, channel)
        return answer(channel_payload(channel))

    async def edit(self, request: web.Request) -> web.Response:
        """Answer PATCH of a channel: name and topic, or whether a thread is archived or locked."""
        channel = self._channel(request)
        body = fields(await object_body(request, self._core))
        owns_thread = channel.is_thread and channel.owner_id == self._core.world.bot.id
        manage = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        require(self._core, channel, *([] if owns_thread else [manage]))
        errors = FormErrors()
        if text(errors, body, "name", (), 1, 100):
            channel.name = body["name"]
        errors.raise_if_any()
        channel.topic = body.get("topic", channel.topic)
        channel.archived = bool(body.get("archived", channel.archived))
        channel.locked = bool(body.get("locked", channel.locked))
        if channel.type == ChannelType.FORUM and "available_tags" in body:
            self._forums.set_tags(channel, body["available_tags"])
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self._core.channel_changed(event, channel)
        return answer(channel_payload(channel))

    async def delete(self, request: web.Request) -> web.Response:
        """Answer DELETE of a channel. For direct messages it changes nothing here."""
        channel = self._channel(request)
        if channel.type == ChannelType.DM:
            return answer(channel_payload(channel))
        require(self._core, channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
        self._core.delete_channel(channel)
        return answer(channel_payload(channel))

    async def start_thread(self, request: web.Request) -> web.Response:
        """Answer POST of a thread without a message."""
        parent = self._channel(request)
        whole = await object_body(request, self._core)
        body = fields(whole)
        if parent.type == ChannelType.FORUM:
            return self._forums.post(parent, whole)
        kind = (
            ChannelType.PUBLIC_THREAD if body.get("type") == ChannelType.PUBLIC_THREAD else ChannelType.PRIVATE_THREAD
        )
        return self._start(parent, body, self._core.ids.next(), kind)

    async def archived_threads(self, request: web.Request) -> web.Response:
        """Answer GET of a channel's archived threads, the newest first."""
        parent = self._channel(request)
        require(self._core, parent, Permission.READ_MESSAGE_HISTORY)
        world = self._core.world
        found = [one for one in world.channels.values() if one.parent_id == parent.id and one.archived]
        limit = limit_of(request, 50, 100)
        shown = sorted(found, key=lambda thread: thread.id, reverse=True)[:limit]
        threads = [channel_payload(thread) for thread in shown]
        return answer({"threads": threads, "members": [], "has_more": len(found) > limit})

    async def start_thread_from_message(self, request: web.Request) -> web.Response:
        """Answer POST of a thread on a message. The thread gets the message's id."""
        parent = self._channel(request)
        body = fields(await object_body(request, self._core))
        message = self._core.message(parent, path_id(request, "message_id"))
        if message.flags & MessageFlag.HAS_THREAD:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        response = self._start(parent, body, message.id, ChannelType.PUBLIC_THREAD)
        message.flags |= MessageFlag.HAS_THREAD
        self._core.messages.refresh(message)
        return response

    def _start(self, parent: Channel, body: Json, thread_id: int, kind: ChannelType) -> web.Response:
        if parent.type != ChannelType.TEXT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        create = Permission.CREATE_PUBLIC_THREADS
        if kind == ChannelType.PRIVATE_THREAD:
            create = Permission.CREATE_PRIVATE_THREADS
        require(self._core, parent, create)
        errors = FormErrors()
        text(errors, body, "name", (), 1, 100, required=True)
        minutes = body.get("auto_archive_duration") or 1440
        if minutes not in AUTO_ARCHIVE_MINUTES:
            errors.choice(("auto_archive_duration",), ", ".join(str(choice) for choice in AUTO_ARCHIVE_MINUTES))
        errors.raise_if_any()
        bot_id = self._core.world.bot.id
        thread = Channel(
            thread_id,
            kind,
            body["name"],
            parent.guild_id,
            parent_id=parent.id,
            owner_id=bot_id,
            auto_archive_minutes=minutes,
            thread_member_ids=[bot_id],
        )
        self._core.world.channels[thread.id] = thread
        self._core.channel_changed("THREAD_CREATE", thread)
        return answer(channel_payload(thread), 201)

    async def join_thread(self, request: web.Request) -> web.Response:
        """Answer PUT of the bot as a thread's member."""
        thread = self._thread(request)
        if self._core.world.bot.id not in thread.thread_member_ids:
            thread.thread_member_ids.append(self._core.world.bot.id)
        return no_content()

    async def leave_thread(self, request: web.Request) -> web.Response:
        """Answer DELETE of the bot as a thread's member."""
        thread = self._thread(request)
        thread.thread_member_ids = [i for i in thread.thread_member_ids if i != self._core.world.bot.id]
        return no_content()

    def _thread(self, request: web.Request) -> Channel:
        thread = self._channel(request)
        require(self._core, thread)
        if not thread.is_thread:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        return thread

    def _channel(self, request: web.Request) -> Channel:
        return self._core.world.channel(path_id(request, "channel_id"))
