"""`/jobs`: a member's own requests; moderators may look at anybody's."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.views.jobs_page import JOBS_SHOWN, jobs_view


class Jobs(commands.Cog):
    """Shows jobs; what their buttons do is in `cogs.results`."""

    def __init__(self, bot: ReelBot) -> None:
        self._jobs = bot.services.jobs

    @app_commands.command(description="Your latest videos and requests, to cancel them or post them again")
    @app_commands.describe(
        member="Somebody else's; needs Manage Server",
        everyone="The whole server's; needs Manage Server",
        active="Only those that are still waiting or running",
    )
    @app_commands.guild_only()
    @privately
    async def jobs(
        self,
        interaction: discord.Interaction[Any],
        member: discord.User | None = None,
        everyone: bool = False,
        active: bool = False,
    ) -> None:
        """List the newest jobs."""
        others = everyone or (member is not None and member.id != interaction.user.id)
        if others and not may_manage_guild(interaction):
            # Whoever moderates one channel would read the prompts of all channels.
            raise app_commands.MissingPermissions(["manage_guild"])
        whose = None if everyone else (member or interaction.user)
        views = await self._jobs.recent(
            guild_id_of(interaction),
            member_id=whose.id if whose is not None else None,
            active_only=active,
            limit=JOBS_SHOWN,
        )
        title = "This server's jobs" if whose is None else "Your jobs" if not others else f"Jobs of <@{whose.id}>"
        await show(interaction, jobs_view(views, title, with_members=whose is None))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Jobs(bot))
