"""Forums: their tags, and posts, each a thread with its first message made at once.

Source: https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel.
"""

from typing import Any

from aiohttp import web

from sandbox.discord.body import Body
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, FormErrors, missing_permissions
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.model import Channel, ChannelType, Json
from sandbox.discord.payloads import channel_payload
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.common import answer, fields, require
from sandbox.discord.rules.fields import text

TAGS_MAX = 20
TAG_CHARACTERS_MAX = 20
APPLIED_TAGS_MAX = 5


class Forums:
    """Makes posts and keeps tags. There is no nonce for a post: the same request twice makes two."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def post(self, forum: Channel, whole: Body) -> web.Response:
        """Create a post of the bot: its thread, and its first message, which has the thread's id."""
        body = fields(whole)
        require(self._core, forum, Permission.SEND_MESSAGES)
        if whole.uploads:
            require(self._core, forum, Permission.ATTACH_FILES)
        errors = FormErrors()
        text(errors, body, "name", (), 1, 100, required=True)
        errors.raise_if_any()
        world = self._core.world
        thread = Channel(
            self._core.ids.next(),
            ChannelType.PUBLIC_THREAD,
            body["name"],
            forum.guild_id,
            parent_id=forum.id,
            owner_id=world.bot.id,
            auto_archive_minutes=body.get("auto_archive_duration") or 1440,
            thread_member_ids=[world.bot.id],
            applied_tags=self._applied(forum, body.get("applied_tags") or []),
        )
        world.channels[thread.id] = thread
        message_body = Body(body.get("message") or {}, whole.uploads)
        try:
            message = self._core.messages.post(thread, world.bot, message_body, message_id=thread.id, path=("message",))
        except ApiError:
            del world.channels[thread.id]
            raise
        self._core.channel_changed("THREAD_CREATE", thread)
        payload = message_payload(message, world, self._core.files)
        return answer(channel_payload(thread) | {"message": payload}, 201)

    def set_tags(self, forum: Channel, tags: Any) -> None:
        """Replace the tags of a forum. New ones get an id."""
        errors = FormErrors()
        if not isinstance(tags, list) or len(tags) > TAGS_MAX:
            errors.add(("available_tags",), "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {TAGS_MAX} in length.")
            errors.raise_if_any()
        kept: list[Json] = []
        for number, tag in enumerate(tags):
            text(errors, tag, "name", ("available_tags", number), 1, TAG_CHARACTERS_MAX, required=True)
            kept.append(
                {
                    "id": str(tag.get("id") or self._core.ids.next()),
                    "name": tag.get("name"),
                    "moderated": bool(tag.get("moderated")),
                    "emoji_id": None,
                    "emoji_name": tag.get("emoji_name"),
                }
            )
        errors.raise_if_any()
        forum.tags = kept

    def _applied(self, forum: Channel, tag_ids: list[Any]) -> list[int]:
        moderates = self._core.world.may(self._core.world.bot, forum, Permission.MANAGE_THREADS)
        known = {tag["id"]: tag for tag in forum.tags}
        if forum.requires_tag and not tag_ids:
            raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
        if len(tag_ids) > APPLIED_TAGS_MAX or any(str(tag_id) not in known for tag_id in tag_ids):
            raise ApiError(400, 50035, "Invalid Form Body")
        if any(known[str(tag_id)]["moderated"] for tag_id in tag_ids) and not moderates:
            raise missing_permissions()
        return [int(tag_id) for tag_id in tag_ids]
