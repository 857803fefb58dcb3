"""What the bot and the member may do in the channel of an interaction."""

from typing import Any, Protocol

import discord
from discord import app_commands

from bot.discord_ui.language.speaking import mark, say


class Requested(Protocol):
    """What a member asked for in a channel: a job, a comparison."""

    @property
    def guild_id(self) -> int:
        """The server in which it was asked for."""

    @property
    def channel_id(self) -> int:
        """The channel in which it was asked for."""

    @property
    def member_id(self) -> int:
        """The person who asked."""


_IN_GUILD = (discord.abc.GuildChannel, discord.Thread)
_ALWAYS = ("view_channel", "attach_files", "read_message_history")
_NAMES = {
    "attach_files": mark("Attach Files"),
    "manage_guild": mark("Manage Server"),
    "manage_messages": mark("Manage Messages"),
    "moderate_members": mark("Timeout Members"),
    "read_message_history": mark("Read Message History"),
    "read_messages": mark("View Channel"),
    "send_messages": mark("Send Messages"),
    "send_messages_in_threads": mark("Send Messages in Threads"),
    "use_application_commands": mark("Use Application Commands"),
    "view_channel": mark("View Channel"),
}
"""The names of permissions in Discord's settings, by discord.py's."""


def permission_names(permissions: list[str]) -> list[str]:
    """Return permissions as Discord's settings call them, in bold: "**Attach Files**"."""
    return [f"**{say(_NAMES[name]) if name in _NAMES else name.replace('_', ' ').title()}**" for name in permissions]


def missing_permissions(interaction: discord.Interaction[Any]) -> list[str]:
    """Return the permissions that the bot lacks in this channel to post a video. Checked before anybody is charged."""
    allowed = interaction.app_permissions
    if not allowed.value and interaction.guild is not None and isinstance(interaction.channel, _IN_GUILD):
        # Zero is also what discord.py makes of a payload that does not tell: then the roles do.
        allowed = interaction.channel.permissions_for(interaction.guild.me)
    return [name for name in needed_of_bot(interaction.channel) if not getattr(allowed, name)]


def needed_of_bot(channel: object) -> list[str]:
    """Return the permissions that the bot needs in a channel to post a video."""
    return [*_ALWAYS, _writing(channel)]


def lacking_leave(allowed: discord.Permissions, channel: object, *, attaches: bool) -> list[str]:
    """Return what a member lacks of what `require_leave` requires, where `allowed` is what they may in a channel."""
    needed = [_writing(channel), "use_application_commands", *(["attach_files"] if attaches else [])]
    return [name for name in needed if not getattr(allowed, name)]


def require_leave(interaction: discord.Interaction[Any], *, attaches: bool) -> None:
    """Require of the member what Discord requires for a command: buttons, dialogs and menus get round it otherwise.

    `attaches` says that the request has files. Raises MissingPermissions.
    """
    missing = lacking_leave(interaction.permissions, interaction.channel, attaches=attaches)
    if missing:
        raise app_commands.MissingPermissions(missing)


def _writing(channel: object) -> str:
    return "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"


def may_moderate(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Tell whether the member may act on others' jobs of a channel: Manage Server, or Manage Messages there."""
    if interaction.permissions.manage_guild:
        return True
    if interaction.channel_id == channel_id:
        return interaction.permissions.manage_messages
    if interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return False
    channel = interaction.guild.get_channel_or_thread(channel_id)
    return channel is not None and channel.permissions_for(interaction.user).manage_messages


def may_block(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the member may block others: Manage Server, or Timeout Members."""
    return interaction.permissions.manage_guild or interaction.permissions.moderate_members


class ManageGuildOnly:
    """Mixin for cogs whose commands need Manage Server.

    Discord hides such commands from others, but an administrator of a guild can open them to anybody.
    """

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let those pass who manage the guild. Raises MissingPermissions for everybody else."""
        if not may_manage_guild(interaction):
            raise app_commands.MissingPermissions(["manage_guild"])
        return True


def may_manage_guild(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the member may change the guild's credits and queue: Manage Server, as this interaction says."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def role_ids_of(member: discord.User | discord.Member) -> frozenset[int]:
    """Return the ids of the member's roles in the interaction's guild; none outside of one."""
    return frozenset(role.id for role in member.roles) if isinstance(member, discord.Member) else frozenset()


def may_act(interaction: discord.Interaction[Any], requested: Requested) -> bool:
    """Tell whether the member is the one who requested something, or a moderator of its channel."""
    if interaction.user.id == requested.member_id:
        return True
    return interaction.guild_id == requested.guild_id and may_moderate(interaction, requested.channel_id)
