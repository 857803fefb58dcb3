"""Deleting the bot's own messages, as a protocol: Discord is `bot.discord_ui`'s."""

from typing import Protocol


class MessageRemover(Protocol):
    """Implemented over Discord's REST interface."""

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message of the bot's. One that is gone, or out of reach for ever, counts as deleted.

        Raises DeliveryLater where Discord cannot be reached now.
        """
