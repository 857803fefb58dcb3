"""Deleting the bot's own messages over Discord's REST interface."""

import logging
from contextlib import suppress

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.engine.notifier import DeliveryLater

log = logging.getLogger(__name__)


class DiscordMessageRemover:
    """The engine's `MessageRemover`. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message. Raises DeliveryLater for a failure that may pass."""
        try:
            await self._delete(channel_id, message_id)
        except CALL_ERRORS as error:
            if failure_kind(error).passes:
                raise DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error)) from error
            log.info("message %d is out of reach: %s", message_id, error, extra={"action": "erase"})

    async def _delete(self, channel_id: int, message_id: int) -> None:
        """Delete a message; in a forum the whole post, where the bot may."""
        if channel_id == message_id:
            with suppress(discord.Forbidden):
                await self._client.http.delete_channel(channel_id)
                return
        await self._client.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
