"""Links to messages, which Discord shows as the channel's name."""

from bot.storage.outbox import Posting

DIRECT = "dm"
"""The outcome of a closing message that went to the member alone."""


def message_link(posting: Posting, guild_id: int) -> str:
    """Return the address of a posted closing message."""
    place = "@me" if posting.outcome == DIRECT else guild_id
    return f"https://discord.com/channels/{place}/{posting.channel_id}/{posting.message_id}"
