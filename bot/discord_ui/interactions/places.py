"""Where an interaction comes from: its channel, what is around it, and what its member knows."""

from typing import Any

import discord


def around(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """Return the ids of the channel of which the interaction's channel is a thread, and of the category of either."""
    return around_channel(interaction.channel)


def around_channel(channel: object) -> frozenset[int]:
    """Return the ids of the channel of which a channel is a thread, and of the category of either."""
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    found = (getattr(channel, "parent_id", None), getattr(parent, "category_id", None))
    return frozenset(id_ for id_ in found if id_ is not None)


def is_age_restricted(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the interaction's channel is age-restricted; a thread is what its channel is.

    False where that is not known.
    """
    channel, guild = interaction.channel, interaction.guild
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    # The cached channel follows the gateway; a channel in an interaction is only a part of one.
    known = guild.get_channel(parent_id) if guild is not None and parent_id is not None else None
    return bool(getattr(known or channel, "nsfw", False))


def is_age_restricted_channel(channel: object) -> bool:
    """Tell whether a channel of the cache is age-restricted; a thread is what its channel is."""
    return bool(getattr(channel.parent if isinstance(channel, discord.Thread) else channel, "nsfw", False))


def readable_places(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """Return the ids of the guild's channels and forums whose messages the member may read.

    What is shown to the member here may be from there: age-restricted ones are among them only if this channel is
    age-restricted, too.
    """
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return frozenset()
    here = is_age_restricted(interaction)
    found = []
    for channel in guild.channels:
        allowed = channel.permissions_for(member)
        if allowed.view_channel and allowed.read_message_history and (here or not getattr(channel, "nsfw", False)):
            found.append(channel.id)
    return frozenset(found)


def known_ids(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """Return the ids of the guild's roles, and of those of its channels that the member sees."""
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return frozenset()
    seen = (channel.id for channel in guild.channels if channel.permissions_for(member).view_channel)
    return frozenset((*seen, *(role.id for role in guild.roles)))
