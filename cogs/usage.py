"""`/usage`: a chart of what was spent. Who spent it is shown to moderators only."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.private import guild_of, privately
from bot.discord_ui.views.charts import top_members, usage_chart

NO_CHARTS = "Charts are not installed with this bot. Its owner gets them by installing `requirements/run.txt` again."


class Usage(commands.Cog):
    """Draw one chart at a time: a crowd of them would take the processor from everything else."""

    def __init__(self, bot: ReelBot) -> None:
        self._credits = bot.services.credits
        self._drawing = asyncio.Lock()

    @app_commands.command(description="A chart of the credits spent here, by day and by model")
    @app_commands.describe(days="How many days back (30)", mine="Only your own spending")
    @app_commands.guild_only()
    @privately
    async def usage(
        self, interaction: discord.Interaction[Any], days: app_commands.Range[int, 2, 90] = 30, mine: bool = False
    ) -> None:
        """Show the chart as a picture."""
        guild = guild_of(interaction)
        spending = await self._credits.spending(guild.id, days, interaction.user.id if mine else None)
        names = None
        if may_manage_guild(interaction) and not mine:
            names = await _names(guild, top_members(spending))
        title = "Your spending" if mine else guild.name
        try:
            async with self._drawing:
                picture = await asyncio.to_thread(usage_chart, spending, title, names)
        except ImportError:
            await answer(interaction, NO_CHARTS)
            return
        await interaction.edit_original_response(attachments=[discord.File(io.BytesIO(picture), "usage.png")])


async def _names(guild: discord.Guild, member_ids: list[int]) -> dict[int, str]:
    """Return the members' names as the guild knows them. Members who left have none."""
    names = {}
    for member_id in member_ids:
        try:
            names[member_id] = (await guild.fetch_member(member_id)).display_name
        except discord.HTTPException:
            continue
    return names


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Usage(bot))
