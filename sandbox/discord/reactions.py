"""Reactions to messages: the one way for the REST routes and the personas. There are no super reactions here."""

from sandbox.discord.context import Context
from sandbox.discord.errors import ApiError, missing_permissions, unknown
from sandbox.discord.gateway import Gateway
from sandbox.discord.intents import Intent
from sandbox.discord.model import Channel, Json, Message, User
from sandbox.discord.payloads import emoji_payload, member_payload
from sandbox.discord.permissions import Permission

EMOJIS_MAX = 20
"""Different emojis that one message takes, as Discord documents it with code 30010."""
EMOJI_CHARACTERS_MAX = 32
"""Characters of the longest emoji: families and flags are many joined ones."""

NORMAL = 0
"""Discord's type of a reaction that is no super reaction."""


class Reactions:
    """Adds and removes reactions, and tells the bot and all subscribers."""

    def __init__(self, context: Context, gateway: Gateway) -> None:
        self._context = context
        self._gateway = gateway

    def add(self, message: Message, user: User, emoji: str) -> None:
        """React to a message. A second time changes nothing.

        Raises `ApiError` 10014 for what is no emoji, 50013 for a first use of it without the permission to add
        reactions, and 30010 for too many different ones.
        """
        channel = self._context.world.channel(message.channel_id)
        who = message.reactions.get(emoji)
        if who is None:
            if not is_emoji(emoji):
                raise unknown("Emoji")
            # Who may not add reactions may still join those that are there.
            if not self._context.world.may(user, channel, Permission.ADD_REACTIONS):
                raise missing_permissions()
            if len(message.reactions) >= EMOJIS_MAX:
                raise ApiError(400, 30010, f"Maximum number of reactions reached ({EMOJIS_MAX})")
            who = message.reactions[emoji] = []
        if user.id in who:
            return
        who.append(user.id)
        data = self._one(channel, message, user, emoji) | {"message_author_id": str(message.author.id)}
        member = self._context.world.member_of(channel, user)
        if member is not None:
            data["member"] = member_payload(member)
        self._tell("MESSAGE_REACTION_ADD", data, channel, message)

    def remove(self, message: Message, user: User, emoji: str) -> None:
        """Take somebody's reaction back. Raises `ApiError` 10014 where there is none."""
        channel = self._context.world.channel(message.channel_id)
        who = message.reactions.get(emoji, [])
        if user.id not in who:
            raise unknown("Emoji")
        who.remove(user.id)
        if not who:
            del message.reactions[emoji]
        self._tell("MESSAGE_REACTION_REMOVE", self._one(channel, message, user, emoji), channel, message)

    def clear(self, message: Message, emoji: str | None = None) -> None:
        """Take all reactions away, or those with one emoji. Raises `ApiError` 10014 where nobody used it."""
        channel = self._context.world.channel(message.channel_id)
        data = self._place(channel, message)
        if emoji is None:
            message.reactions.clear()
            self._tell("MESSAGE_REACTION_REMOVE_ALL", data, channel, message)
            return
        if message.reactions.pop(emoji, None) is None:
            raise unknown("Emoji")
        data["emoji"] = emoji_payload(emoji)
        self._tell("MESSAGE_REACTION_REMOVE_EMOJI", data, channel, message)

    def _one(self, channel: Channel, message: Message, user: User, emoji: str) -> Json:
        own: Json = {"user_id": str(user.id), "emoji": emoji_payload(emoji), "burst": False, "type": NORMAL}
        return self._place(channel, message) | own

    @staticmethod
    def _place(channel: Channel, message: Message) -> Json:
        place: Json = {"channel_id": str(channel.id), "message_id": str(message.id)}
        if channel.guild_id is not None:
            place["guild_id"] = str(channel.guild_id)
        return place

    def _tell(self, event: str, data: Json, channel: Channel, message: Message) -> None:
        self._context.changes.publish("message.update", channel_id=str(channel.id), message_id=str(message.id))
        intent = Intent.DIRECT_MESSAGE_REACTIONS if channel.guild_id is None else Intent.GUILD_MESSAGE_REACTIONS
        self._gateway.dispatch_to_channel(event, data, channel, intent)


def is_emoji(text: str) -> bool:
    """Tell whether a text can be an emoji of Unicode. The sandbox's guilds have none of their own."""
    return 0 < len(text) <= EMOJI_CHARACTERS_MAX and not text.isascii() and not any(c.isalpha() for c in text)
