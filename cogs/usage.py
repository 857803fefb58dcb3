"""`/usage`: what was spent, as a chart and in numbers. Everybody sees their own, moderators the server's."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.private import guild_of, privately
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.charts import usage_chart
from bot.discord_ui.views.usage_card import NO_CHARTS, PICTURE, TOO_LARGE, alternative_text, usage_card
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.spending import Spending
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT


class Usage(commands.Cog):
    """Draw one chart at a time: a crowd of them would take the processor from everything else."""

    def __init__(self, bot: ReelBot) -> None:
        self._credits = bot.services.credits
        self._catalogue = bot.services.catalogue
        self._drawing = asyncio.Lock()

    @app_commands.command(
        description=mark_on(
            "command", "What you spent here, as a chart and in numbers; for moderators, what everybody did"
        )
    )
    @app_commands.describe(
        days=mark_on("command", "How many days back (30)"),
        server=mark_on("command", "Of the whole server, by member: needs Manage Server, and is its default"),
    )
    @app_commands.guild_only()
    @privately
    async def usage(
        self,
        interaction: discord.Interaction[Any],
        days: app_commands.Range[int, 2, 90] = 30,
        server: bool | None = None,
    ) -> None:
        """Show one's own spending or, to those who manage the server, the server's."""
        guild = guild_of(interaction)
        manages = may_manage_guild(interaction)
        if server and not manages:
            raise NotPossible(Impossible.NOT_A_MODERATOR)
        of_server = manages if server is None else server
        spending = await self._credits.spending(guild.id, days, None if of_server else interaction.user.id)
        picture = await self._picture(spending) if spending.total else None
        unpictured = NO_CHARTS if picture is None else None
        if picture is not None and len(picture) > (interaction.filesize_limit or UPLOAD_BYTES_DEFAULT):
            unpictured = TOO_LARGE
        title = guild.name if of_server else say("Your spending")
        view = usage_card(spending, title, self._catalogue.name_of, with_members=of_server, unpictured=unpictured)
        files = []
        if picture is not None and unpictured is None:
            description = alternative_text(spending, self._catalogue.name_of)
            files.append(discord.File(io.BytesIO(picture), PICTURE, description=description))
        await show(interaction, view, files)

    async def _picture(self, spending: Spending) -> bytes | None:
        """Return the chart; None where the library that draws it is not installed."""
        try:
            async with self._drawing:
                return await asyncio.to_thread(usage_chart, spending, self._catalogue.name_of)
        except ImportError:
            return None


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Usage(bot))
