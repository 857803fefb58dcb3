"""Deleting one of the bot's messages from the button on it."""

from contextlib import suppress
from typing import Any

import discord


async def delete_message(message: discord.Message, channel: Any) -> None:
    """Delete a message; in a forum the whole post, where the bot may. One that is gone already is deleted."""
    with suppress(discord.NotFound):
        if isinstance(channel, discord.Thread) and channel.id == message.id:
            with suppress(discord.Forbidden):
                await channel.delete()
                return
        await message.delete()
