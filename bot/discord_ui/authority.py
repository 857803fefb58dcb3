"""Who may decide about credits, and which of a member's roles count."""

from typing import Any

import discord


def may_manage_credits(interaction: discord.Interaction[Any]) -> bool:
    """Whether whoever acts may see and change a guild's credits: Manage Server, as this very call says."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def role_ids_of(member: discord.User | discord.Member) -> frozenset[int]:
    """The member's roles in the guild of the interaction; none outside of one."""
    return frozenset(role.id for role in member.roles) if isinstance(member, discord.Member) else frozenset()
