"""Who may do what with a reel, as an interaction says."""

from typing import Any

import discord

from bot.discord_ui.interactions.permissions import may_moderate
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.standing import require_standing
from bot.domain.reel_rules import Actor
from bot.domain.reels import Reel
from bot.services.services import Services


async def reel_and_actor(interaction: discord.Interaction[Any], services: Services, reel_id: int) -> tuple[Reel, Actor]:
    """Return a reel of the interaction's guild, and whoever acts: a moderator of the reel's channel, or not.

    Raises ReelRefused, and Declined for a blocked member.
    """
    await require_standing(interaction, services)
    reel = await services.reels.get(guild_id_of(interaction), reel_id)
    return reel, Actor(interaction.user.id, may_moderate(interaction, reel.channel_id))


async def require_reel(interaction: discord.Interaction[Any], services: Services, reel_id: int) -> None:
    """Require that the member may add a clip to a reel. Raises ReelRefused, and Declined for a blocked member."""
    reel, actor = await reel_and_actor(interaction, services, reel_id)
    await services.reels.require_room(reel.guild_id, reel_id, actor)
