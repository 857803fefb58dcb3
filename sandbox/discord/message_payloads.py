"""Messages and their attachments as Discord writes them in JSON, in answers and in events of the gateway."""

from sandbox.clock import iso
from sandbox.discord import components
from sandbox.discord.files import FileStore
from sandbox.discord.mentions import mentions
from sandbox.discord.model import Attachment, Channel, Json, Message, MessageFlag, User
from sandbox.discord.payloads import channel_payload, emoji_payload, member_payload, user_payload
from sandbox.discord.world import World


def attachment_payload(attachment: Attachment, files: FileStore) -> Json:
    """Return an attachment. Its address is signed anew each time, so that a refetched message has fresh ones."""
    url = files.signed_url(attachment)
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if attachment.width is not None:
        payload |= {"width": attachment.width, "height": attachment.height}
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def message_payload(
    message: Message, world: World, files: FileStore, *, with_reference: bool = True, reader: User | None = None
) -> Json:
    """Return a message as `reader` gets it, by default the bot.

    Attachments that components or embeds show are listed there and not in `attachments`.
    """
    payload = _content(message, world, files) | {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_payload(message.author),
        "tts": message.tts,
        "mention_everyone": mentions(message, world).everyone,
        "pinned": False,
    }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.reactions:
        reader_id = (reader or world.bot).id
        payload["reactions"] = [_reaction(emoji, who, reader_id) for emoji, who in message.reactions.items()]
    if message.application_id is not None:
        payload |= {"application_id": str(message.application_id), "webhook_id": str(message.application_id)}
    if message.interaction is not None:
        payload["interaction_metadata"] = message.interaction
    if message.flags & MessageFlag.HAS_THREAD and (thread := world.channels.get(message.id)):
        payload["thread"] = channel_payload(thread)
    if message.reference is not None:
        payload["message_reference"] = message.reference
        if message.snapshot is not None:
            payload["message_snapshots"] = [
                {"message": _content(message.snapshot, world, files) | {"stickers": [], "sticker_items": []}}
            ]
        elif with_reference:
            payload["referenced_message"] = _referenced(message, world, files)
    return payload


def _content(message: Message, world: World, files: FileStore) -> Json:
    """Return the part of a message that a forward shows, too."""
    shown = components.attachments_shown(message)
    mentioned = mentions(message, world)
    return {
        "type": int(message.type),
        "content": message.content,
        "timestamp": iso(message.created_at),
        "edited_timestamp": None if message.edited_at is None else iso(message.edited_at),
        "mentions": [user_payload(user) for user in mentioned.users],
        "mention_roles": [str(role_id) for role_id in mentioned.role_ids],
        "attachments": [attachment_payload(a, files) for a in message.attachments if a.id not in shown],
        "embeds": [components.resolve_embed(embed, message, files) for embed in message.embeds],
        "components": [components.resolve_media(component, message, files) for component in message.components],
        "flags": message.flags,
    }


def _reaction(emoji: str, user_ids: list[int], reader_id: int) -> Json:
    return {
        "emoji": emoji_payload(emoji),
        "count": len(user_ids),
        "count_details": {"normal": len(user_ids), "burst": 0},
        "burst_colors": [],
        "me": reader_id in user_ids,
        "me_burst": False,
    }


def _referenced(message: Message, world: World, files: FileStore) -> Json | None:
    reference = message.reference or {}
    channel = world.channels.get(int(reference.get("channel_id", 0)))
    original = channel.messages.get(int(reference["message_id"])) if channel else None
    if original is None or original.deleted_at is not None:
        return None
    return message_payload(original, world, files, with_reference=False)


def message_event_payload(message: Message, channel: Channel, world: World, files: FileStore) -> Json:
    """Return MESSAGE_CREATE or MESSAGE_UPDATE: the message, where it is, and who its author is there."""
    payload = message_payload(message, world, files) | {"channel_type": int(channel.type)}
    if channel.guild_id is not None:
        payload["guild_id"] = str(channel.guild_id)
        member = world.member_of(channel, message.author)
        if member is not None and message.application_id is None:
            payload["member"] = member_payload(member, with_user=False)
    return payload
