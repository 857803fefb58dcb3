"""Creating, editing and deleting messages: the one way for the REST routes, the interactions and the personas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord import errors
from sandbox.discord.body import Body
from sandbox.discord.components import numbered
from sandbox.discord.context import Context
from sandbox.discord.files import clean_filename
from sandbox.discord.gateway import Gateway
from sandbox.discord.mentions import mentions
from sandbox.discord.message_payloads import message_event_payload
from sandbox.discord.model import (
    Attachment,
    Channel,
    ChannelType,
    Json,
    Message,
    MessageFlag,
    MessageType,
    ReferenceType,
    User,
)
from sandbox.discord.record import MessageFact
from sandbox.discord.rules.messages import check_message
from sandbox.discord.world import MEBIBYTE

NONCE_WINDOW_SECONDS = 300
"""Seconds that an enforced nonce is remembered. Discord says "in the past few minutes"."""

REQUEST_BYTES_MAX = 25 * MEBIBYTE
"""Bytes of a whole create-message request, as Discord documents. A boosted guild's single file may be larger."""

SETTABLE_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.COMPONENTS_V2


@dataclass(frozen=True, slots=True)
class Origin:
    """How a message came to be, beside its author and content."""

    type: MessageType = MessageType.DEFAULT
    interaction: Json | None = None
    application_id: int | None = None
    visible_to: int | None = None
    reference: Json | None = None
    snapshot: Message | None = None
    """The forwarded message as it is now; None for what is no forward."""
    extra_flags: int = 0


PLAIN = Origin()


class Messages:
    """Creates, changes and deletes messages, keeps the record of them, and tells the bot and all subscribers."""

    def __init__(self, context: Context, gateway: Gateway) -> None:
        self._context = context
        self._gateway = gateway
        self._nonces: dict[tuple[int, int, str], Message] = {}

    def repeated(self, channel: Channel, author: User, body: Json) -> Message | None:
        """Return what this author posted here lately with the same enforced nonce; None if there is nothing."""
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        message = self._nonces.get((channel.id, author.id, str(body["nonce"])))
        if message is None or self._context.clock.now() - message.created_at > NONCE_WINDOW_SECONDS:
            return None
        return message

    def post(
        self,
        channel: Channel,
        author: User,
        body: Body,
        origin: Origin = PLAIN,
        *,
        path: errors.Path = (),
        message_id: int | None = None,
    ) -> Message:
        """Check and create a message. Only the first message of a forum's post has an id that is given.

        `body.json` has Discord's fields. `path` is where they stand in the request. Raises `ApiError` for what Discord
        refuses.
        """
        fields = body.json
        self.check_size(channel, body)
        names = [filename for filename, _ in self._new_files(fields, body)]
        forwards = origin.snapshot is not None
        check_message(fields, previous=None, filenames=names, new_filenames=names, path=path, may_be_empty=forwards)
        message = Message(
            id=self._context.ids.next() if message_id is None else message_id,
            channel_id=channel.id,
            author=author,
            created_at=self._context.clock.now(),
            type=origin.type,
            content=(fields.get("content") or "").strip(),
            embeds=fields.get("embeds") or [],
            attachments=self._store(channel, fields, body, ephemeral=origin.visible_to is not None),
            components=numbered(fields.get("components") or []),
            flags=(fields.get("flags") or 0) & SETTABLE_FLAGS | origin.extra_flags,
            tts=bool(fields.get("tts")),
            nonce=None if fields.get("nonce") is None else str(fields["nonce"]),
            allowed_mentions=fields.get("allowed_mentions"),
            reference=origin.reference,
            snapshot=origin.snapshot,
            interaction=origin.interaction,
            application_id=origin.application_id,
            visible_to=origin.visible_to,
        )
        self._add(channel, message)
        return message

    def post_loading(self, channel: Channel, author: User, origin: Origin) -> Message:
        """Create the "is thinking..." message of a deferred answer."""
        message = Message(
            id=self._context.ids.next(),
            channel_id=channel.id,
            author=author,
            created_at=self._context.clock.now(),
            type=origin.type,
            flags=MessageFlag.LOADING | origin.extra_flags,
            interaction=origin.interaction,
            application_id=origin.application_id,
            visible_to=origin.visible_to,
        )
        self._add(channel, message)
        return message

    def edit(self, message: Message, body: Body, *, path: errors.Path = ()) -> None:
        """Change the fields that `body.json` has. The first edit of a loading message is its answer, not an edit.

        Raises `ApiError` for what Discord refuses.
        """
        channel = self._context.world.channel(message.channel_id)
        fields: Json = body.json
        self.check_size(channel, body)
        kept = self._kept(message, fields)
        new = [filename for filename, _ in self._new_files(fields, body)]
        names = [attachment.filename for attachment in kept] + new
        check_message(fields, previous=message, filenames=names, new_filenames=new, path=path)
        message.attachments = kept + self._store(channel, fields, body, ephemeral=message.visible_to is not None)
        if "content" in fields:
            message.content = (fields["content"] or "").strip()
        if "embeds" in fields:
            message.embeds = fields["embeds"] or []
        if "components" in fields:
            message.components = numbered(fields["components"] or [])
        if "allowed_mentions" in fields:
            message.allowed_mentions = fields["allowed_mentions"]
        if fields.get("flags") is not None:
            # Components V2 can be switched on by an edit, never off.
            kept_flags = message.flags & ~MessageFlag.SUPPRESS_EMBEDS
            message.flags = kept_flags | fields["flags"] & (MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2)
        if message.is_loading:
            message.flags &= ~MessageFlag.LOADING
        else:
            message.edited_at = self._context.clock.now()
            self._context.record.facts[message.id].edits += 1
        self._tell("MESSAGE_UPDATE", channel, message)

    def delete(self, message: Message) -> None:
        """Take a message away. It stays in the record."""
        channel = self._context.world.channel(message.channel_id)
        message.deleted_at = self._context.clock.now()
        self._context.record.facts[message.id].deleted_at = message.deleted_at
        self._context.changes.publish("message.delete", channel_id=str(channel.id), message_id=str(message.id))
        if message.visible_to is None:
            data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
            if channel.guild_id is not None:
                data["guild_id"] = str(channel.guild_id)
            self._gateway.dispatch_to_channel("MESSAGE_DELETE", data, channel)

    def refresh(self, message: Message) -> None:
        """Tell everyone that something about the message changed that is no edit of its text."""
        self._tell("MESSAGE_UPDATE", self._context.world.channel(message.channel_id), message)

    def check_size(self, channel: Channel, body: Body) -> None:
        """Raise `ApiError` 40005 if a file, or all files together, exceed the upload limit of the channel."""
        limit = self._context.world.upload_limit_bytes(self._context.world.guild_of(channel))
        if any(upload.size > limit for upload in body.uploads) or body.upload_bytes > max(limit, REQUEST_BYTES_MAX):
            raise errors.too_large()

    def _add(self, channel: Channel, message: Message) -> None:
        channel.messages[message.id] = message
        if message.nonce is not None:
            self._nonces[channel.id, message.author.id, message.nonce] = message
        referenced = None if message.reference is None else int(message.reference["message_id"])
        self._context.record.facts[message.id] = MessageFact(
            message_id=message.id,
            channel_id=channel.id,
            author_id=message.author.id,
            created_at=message.created_at,
            content=message.content,
            nonce=message.nonce,
            attachments=[attachment.filename for attachment in message.attachments],
            visible_to=message.visible_to,
            interaction_id=None if message.interaction is None else int(message.interaction["id"]),
            reply_to=referenced if message.snapshot is None else None,
            forward_of=referenced if message.snapshot is not None else None,
            mentions=[user.id for user in mentions(message, self._context.world).users],
        )
        self._tell("MESSAGE_CREATE", channel, message)

    def _tell(self, event: str, channel: Channel, message: Message) -> None:
        kind = "message.create" if event == "MESSAGE_CREATE" else "message.update"
        self._context.changes.publish(kind, channel_id=str(channel.id), message_id=str(message.id))
        if message.visible_to is None:
            data = message_event_payload(message, channel, self._context.world, self._context.files)
            self._gateway.dispatch_message(event, data, channel)

    def _new_files(self, fields: Json, body: Body) -> list[tuple[str, Json]]:
        """Return for every upload the name that it will have, and what `attachments` says about it."""
        described = {str(entry.get("id")): entry for entry in _entries(fields)}
        found: list[tuple[str, Json]] = []
        for upload in body.uploads:
            entry = described.get(str(upload.index), {})
            found.append((clean_filename(entry.get("filename") or upload.filename), entry))
        return found

    def _store(self, channel: Channel, fields: Json, body: Body, *, ephemeral: bool) -> list[Attachment]:
        files = zip(body.uploads, self._new_files(fields, body), strict=True)
        return [
            self._context.files.add(
                upload.path, filename, channel.id, ephemeral=ephemeral, description=entry.get("description")
            )
            for upload, (filename, entry) in files
        ]

    @staticmethod
    def _kept(message: Message, fields: Json) -> list[Attachment]:
        """Return the attachments that stay after an edit: all of them, or those that `attachments` lists by id."""
        if fields.get("attachments") is None:
            return list(message.attachments)
        listed = {str(entry.get("id")) for entry in _entries(fields)}
        return [attachment for attachment in message.attachments if str(attachment.id) in listed]


def _entries(fields: Json) -> Sequence[Json]:
    entries: Any = fields.get("attachments")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def message_reference(channel: Channel, message_id: int, kind: ReferenceType = ReferenceType.DEFAULT) -> Json:
    """Return Discord's `message_reference` to a message of `channel`."""
    reference: Json = {"type": int(kind), "channel_id": str(channel.id), "message_id": str(message_id)}
    if channel.type != ChannelType.DM:
        reference["guild_id"] = str(channel.guild_id)
    return reference
