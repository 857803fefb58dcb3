"""Whether a channel is age-restricted, asked of Discord itself: the posting client keeps no channels."""

from typing import Any

import discord

THREADS = frozenset({10, 11, 12})
"""Discord's types of threads: announcement, public, private."""


async def is_age_restricted(client: discord.Client, channel_id: int) -> bool:
    """Tell whether a channel is age-restricted; a thread is what its channel is. Raises what discord.py raises."""
    channel: dict[str, Any] = dict(await client.http.get_channel(channel_id))
    if channel.get("type") in THREADS and channel.get("parent_id"):
        channel = dict(await client.http.get_channel(int(channel["parent_id"])))
    return bool(channel.get("nsfw"))
