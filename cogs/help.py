"""`/help`: a private card that fits who asks."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.permissions import may_manage_guild, role_ids_of
from bot.discord_ui.interactions.private import guild_of, privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.views.help_card import HelpFacts, Standing, UsualVideo, help_view
from bot.domain.model_choice import ANY_PROMPT, Circumstances, Wish, cheapest_credits, choose, price_of


class Help(commands.Cog):
    """Tells a newcomer what to do, and everybody what it costs and what is kept."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services

    @app_commands.command(
        description=mark_on("command", "What you can do here, what it costs, and what is kept about you")
    )
    @app_commands.guild_only()
    @privately
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show the card."""
        guild, member = guild_of(interaction), interaction.user
        view = await self._services.credits.member_view(guild.id, member.id, role_ids_of(member))
        around = await self._services.model_choice.circumstances(guild.id, member.id)
        catalogue = self._services.catalogue.current
        facts = HelpFacts(
            standing=self._standing(interaction, guild),
            quota_status=view.quota_status,
            usual=await self._usual(member.id, around),
            cheapest_credits=None if catalogue is None else cheapest_credits(catalogue, around),
            owner_ids=self._services.owners.ids,
            policy=self._services.privacy.policy,
        )
        await show(interaction, help_view(facts))

    def _standing(self, interaction: discord.Interaction[Any], guild: discord.Guild) -> Standing:
        owners = self._services.owners
        if interaction.user.id in owners.ids:
            return Standing.OWNER if owners.has_guild(guild.id, guild.owner_id) else Standing.OWNER_ELSEWHERE
        return Standing.MODERATOR if may_manage_guild(interaction) else Standing.MEMBER

    async def _usual(self, member_id: int, around: Circumstances) -> UsualVideo | None:
        """Return what `/video` would make of a prompt alone."""
        catalogue, wish = self._services.catalogue.current, Wish(ANY_PROMPT)
        model = None if catalogue is None else choose(catalogue, wish, around)
        if model is None:
            return None
        remembered = await self._services.jobs.last_choices(member_id, model.slug)
        return UsualVideo(model, price_of(model, wish, remembered), self._services.jobs.durations_of(model.slug))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Help(bot))
