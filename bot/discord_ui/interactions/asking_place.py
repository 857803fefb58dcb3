"""The channel in which a member's request is made: where its card and its video are posted, and whose rules hold."""

from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.permissions import (
    lacking_leave,
    missing_permissions,
    needed_of_bot,
    permission_names,
    require_leave,
)
from bot.discord_ui.interactions.places import around, around_channel, is_age_restricted, is_age_restricted_channel
from bot.discord_ui.views.request_words import lacking


@dataclass(frozen=True, slots=True)
class AskingPlace:
    """A channel, and what decides there."""

    channel_id: int
    around_ids: frozenset[int]
    """The channel of which it is a thread, and the category of either."""
    age_restricted: bool


def asking_place(
    interaction: discord.Interaction[Any], *, attaches: bool, home_channel_id: int | None = None
) -> AskingPlace:
    """Return where a request is made: in the interaction's channel, if the member may write there.

    Otherwise it is `home_channel_id`, the channel in which the result was asked for whose button was pressed: a results
    channel is often one for reading only. `attaches` says that the member attaches files. Raises MissingPermissions for
    what the member lacks, and Declined for what the bot lacks.
    """
    try:
        require_leave(interaction, attaches=attaches)
    except app_commands.MissingPermissions:
        home = _home(interaction, home_channel_id, attaches=attaches)
        if home is None:
            raise
        return home
    if missing := missing_permissions(interaction):
        raise Declined(lacking(permission_names(missing)))
    return AskingPlace(interaction.channel_id or 0, around(interaction), is_age_restricted(interaction))


def _home(interaction: discord.Interaction[Any], home_channel_id: int | None, *, attaches: bool) -> AskingPlace | None:
    """Return another channel of the server in which the member and the bot may do what the request needs."""
    guild, member = interaction.guild, interaction.user
    if guild is None or home_channel_id in (None, interaction.channel_id) or not isinstance(member, discord.Member):
        return None
    channel = guild.get_channel_or_thread(home_channel_id or 0)
    if channel is None:
        return None
    allowed = channel.permissions_for(member)
    if not allowed.view_channel or lacking_leave(allowed, channel, attaches=attaches):
        return None
    if not all(getattr(channel.permissions_for(guild.me), name) for name in needed_of_bot(channel)):
        return None
    return AskingPlace(channel.id, around_channel(channel), is_age_restricted_channel(channel))
