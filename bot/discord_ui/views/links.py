"""Links to messages, which Discord shows as the channel's name."""

from bot.domain.postings import DIRECT, Posting


def message_link(posting: Posting, guild_id: int) -> str:
    """Return the address of a posted closing message."""
    place = "@me" if posting.outcome == DIRECT else guild_id
    return f"https://discord.com/channels/{place}/{posting.channel_id}/{posting.message_id}"


def message_address(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message in a guild."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
