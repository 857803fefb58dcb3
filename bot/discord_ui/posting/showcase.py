"""Forwarding results to a showcase over Discord's REST interface."""

import logging

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.discord_ui.posting.likes import out_of_reach
from bot.discord_ui.posting.rooms import Rooms
from bot.discord_ui.posting.search import SEARCHED_MESSAGES_MAX, oldest_id
from bot.domain.showcase import Room
from bot.engine.gallery import ForwardRefused, ResultGone, ShowcaseLost
from bot.engine.notifier import DeliveryLater

log = logging.getLogger(__name__)

_SOURCE_GONE = (10008, 160008)
"""Discord's codes for a message to be forwarded that is not there any more."""
_UNKNOWN_CHANNEL = 10003
_MAY_NOT_POST = (50001, 50013)
"""Discord's codes for a channel in which the bot may not post. That it may read the result was seen before."""


class DiscordShowcase:
    """The engine's `ShowcasePoster`. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._rooms = Rooms(client)

    async def source(self, guild_id: int, channel_id: int) -> Room:
        """See `ShowcasePoster.source`."""
        try:
            return await self._rooms.room(guild_id, channel_id)
        except CALL_ERRORS as error:
            raise out_of_reach(error) from error

    async def showcase(self, guild_id: int, channel_id: int) -> Room:
        """See `ShowcasePoster.showcase`."""
        try:
            return await self._rooms.room(guild_id, channel_id)
        except CALL_ERRORS as error:
            _raise_if_passing(error)
            raise ShowcaseLost(str(error)) from error

    async def find(self, channel_id: int, message_id: int, since: float) -> int | None:
        """See `ShowcasePoster.find`."""
        channel, oldest = self._client.get_partial_messageable(channel_id), oldest_id(since)
        try:
            async for message in channel.history(limit=SEARCHED_MESSAGES_MAX):
                if message.id < oldest:
                    return None
                if self._forwards(message, message_id):
                    return message.id
        except CALL_ERRORS as error:
            _raise_if_passing(error)
            log.info("a showcase cannot be searched: %s", error, extra={"action": "showcase"})
        return None

    def _forwards(self, message: discord.Message, message_id: int) -> bool:
        """Tell whether a message is the bot's own forward of another one: members forward, too."""
        reference, own = message.reference, self._client.user
        if reference is None or own is None or message.author.id != own.id:
            return False
        return reference.type is discord.MessageReferenceType.forward and reference.message_id == message_id

    async def forward(self, guild_id: int, source: tuple[int, int], channel_id: int, nonce: str) -> int:
        """See `ShowcasePoster.forward`."""
        reference = discord.MessageReference(
            channel_id=source[0],
            message_id=source[1],
            guild_id=guild_id,
            type=discord.MessageReferenceType.forward,
        )
        try:
            channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
            return (await channel.send(reference=reference, nonce=nonce)).id
        except CALL_ERRORS as error:
            _raise_if_passing(error)
            code = error.code if isinstance(error, discord.HTTPException) else 0
            if code in _SOURCE_GONE:
                raise ResultGone(channel=False) from error
            if code in _MAY_NOT_POST or code == _UNKNOWN_CHANNEL:
                raise ShowcaseLost(str(error)) from error
            raise ForwardRefused(str(error)) from error


def _raise_if_passing(error: Exception) -> None:
    if failure_kind(error).passes:
        raise DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error)) from error
