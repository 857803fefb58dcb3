"""Whether a member may ask for videos at all: buttons and menus that only begin a request ask before they open."""

from typing import Any

import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.views.report_words import blocked
from bot.services.services import Services


async def require_standing(interaction: discord.Interaction[Any], services: Services) -> None:
    """Let those pass who are not blocked in this server. Raises Declined for everybody else."""
    if interaction.guild_id is None:
        return
    block = await services.moderation.block_of(interaction.guild_id, interaction.user.id)
    if block is not None:
        raise Declined(blocked(block))
