"""`/credits`: what a member can still spend here, answered privately."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.permissions import role_ids_of
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.views.credit_cards import member_card


class Credits(commands.Cog):
    """A member's own credits."""

    def __init__(self, bot: ReelBot) -> None:
        self._credits = bot.services.credits
        self._catalogue = bot.services.catalogue

    @app_commands.command(
        description=mark_on("command", "What you can still spend here, when it renews, and your latest entries")
    )
    @app_commands.guild_only()
    @privately
    async def credits(self, interaction: discord.Interaction[Any]) -> None:
        """Show the limits that apply to the member."""
        member = interaction.user
        view = await self._credits.member_view(guild_id_of(interaction), member.id, role_ids_of(member))
        await show(interaction, member_card(view, self._catalogue.name_of))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Credits(bot))
