"""What `message_reference` makes of a message: a reply, or a forward.

Source of the codes: Discord's documentation, "JSON Error Codes". Its OpenAPI document leaves forwards out.
"""

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, invalid_form
from sandbox.discord.messages import PLAIN, Origin, message_reference
from sandbox.discord.model import Channel, Json, Message, MessageFlag, MessageType, ReferenceType
from sandbox.discord.permissions import Permission

ADDITIONAL = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
"""Fields that a forward must not have."""


class References:
    """Reads `message_reference` of the bot's messages."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def origin(self, channel: Channel, fields: Json) -> Origin:
        """Return what the reference of a message in `channel` makes of it.

        Raises `ApiError` for what Discord refuses.
        """
        reference = fields.get("message_reference")
        if not isinstance(reference, dict):
            return PLAIN
        if reference.get("type") == ReferenceType.FORWARD:
            return self._forward(channel, fields, reference)
        return self._reply(channel, reference)

    def _reply(self, channel: Channel, reference: Json) -> Origin:
        """Return a reply. Where the original is gone, and the request says that this is no error, it is none."""
        original = _find(channel, reference)
        if original is None:
            if reference.get("fail_if_not_exists", True):
                raise invalid_form(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            return PLAIN
        if not self._core.world.may(self._core.world.bot, channel, Permission.READ_MESSAGE_HISTORY):
            raise ApiError(403, 160002, "Cannot reply without permission to read message history")
        return Origin(type=MessageType.REPLY, reference=message_reference(channel, original.id))

    def _forward(self, channel: Channel, fields: Json, reference: Json) -> Origin:
        world, bot = self._core.world, self._core.world.bot
        if not str(reference.get("channel_id") or "").isdecimal():
            raise invalid_form(("message_reference", "channel_id"), "BASE_TYPE_REQUIRED", "This field is required")
        if any(fields.get(key) for key in ADDITIONAL):
            raise ApiError(400, 160011, "Forward messages cannot have additional content")
        source = world.channel(int(reference["channel_id"]))
        if not world.may(bot, source, Permission.VIEW_CHANNEL):
            raise ApiError(403, 160014, "Cannot forward a message whose content you cannot read")
        if not world.may(bot, source, Permission.READ_MESSAGE_HISTORY):
            raise ApiError(403, 160009, "Cannot reference a message without permission to read message history")
        if world.overwrites_carrier(source).nsfw and not world.overwrites_carrier(channel).nsfw:
            raise ApiError(400, 160010, "Cannot reference a message of an age-restricted channel here")
        original = _find(source, reference)
        if original is None:
            raise ApiError(400, 160008, "Message could not be found")
        return Origin(
            reference=message_reference(source, original.id, ReferenceType.FORWARD),
            # A forward of a forward shows what that one shows.
            snapshot=original.snapshot or original.frozen(),
            extra_flags=MessageFlag.HAS_SNAPSHOT,
        )


def _find(channel: Channel, reference: Json) -> Message | None:
    """Return a message that everybody in the channel can see; None if there is none."""
    message_id = str(reference.get("message_id", ""))
    message = channel.messages.get(int(message_id)) if message_id.isdecimal() else None
    return None if message is None or message.deleted_at is not None or message.visible_to is not None else message
