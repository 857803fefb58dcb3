"""What a channel tells about its readers, asked of Discord itself: the posting client keeps no channels."""

from collections import OrderedDict
from typing import Any

import discord

from bot.discord_ui.posting.age import THREADS
from bot.domain.showcase import Room

PLACES_MAX = 10_000
"""Channels whose place is remembered. A thread never changes its channel."""
_PRIVATE_THREAD = 12


class Rooms:
    """Asks Discord about channels. Every method raises what discord.py raises."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._places: OrderedDict[int, int] = OrderedDict()

    async def place_of(self, channel_id: int) -> int:
        """Return the channel that a public thread is in; every other channel is a place of its own."""
        if channel_id not in self._places:
            channel: dict[str, Any] = dict(await self._client.http.get_channel(channel_id))
            self._places[channel_id] = _place(channel)
            if len(self._places) > PLACES_MAX:
                self._places.popitem(last=False)
        return self._places[channel_id]

    async def room(self, guild_id: int, channel_id: int) -> Room:
        """Return what a channel tells about its readers, as it is now."""
        channel: dict[str, Any] = dict(await self._client.http.get_channel(channel_id))
        if channel["type"] == _PRIVATE_THREAD:
            return Room(place_id=None, everybody_reads=False, age_restricted=True)
        if channel["type"] in THREADS:
            channel = dict(await self._client.http.get_channel(_place(channel)))
        roles = await self._client.http.get_roles(guild_id)
        allowed = next((int(role["permissions"]) for role in roles if int(role["id"]) == guild_id), 0)
        return Room(int(channel["id"]), _everybody_reads(guild_id, channel, allowed), bool(channel.get("nsfw")))


def _place(channel: dict[str, Any]) -> int:
    is_public_thread = channel["type"] in THREADS and channel["type"] != _PRIVATE_THREAD
    return int(channel["parent_id"] if is_public_thread and channel.get("parent_id") else channel["id"])


def _everybody_reads(guild_id: int, channel: dict[str, Any], allowed: int) -> bool:
    """Tell whether @everyone may see a channel and its history, by the role's permissions and its overwrite there."""
    if discord.Permissions(allowed).administrator:
        return True
    for overwrite in channel.get("permission_overwrites", ()):
        if int(overwrite["id"]) == guild_id:
            allowed = allowed & ~int(overwrite["deny"]) | int(overwrite["allow"])
    permissions = discord.Permissions(allowed)
    return permissions.view_channel and permissions.read_message_history
