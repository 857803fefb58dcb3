"""`/queue`: moderators look at their server's queue, cancel in it, pause it, and let it run dry."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.permissions import ManageGuildOnly, may_manage_guild
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.views.operations_cards import SWITCHED
from bot.discord_ui.views.queue_page import cancelled_words, queue_view
from bot.domain.refusals import Impossible, NotPossible


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
class Queue(
    ManageGuildOnly,
    commands.GroupCog,
    group_name="queue",
    group_description=mark_on("command", "This server's queue: look, cancel, pause, drain"),
):
    """Commands that answer with the queue as it is after them."""

    def __init__(self, bot: ReelBot) -> None:
        self._operations = bot.services.operations
        self._jobs = bot.services.jobs
        bot.handlers.queue_page = self.turn_page
        bot.handlers.queue_cancel = self.cancel

    @app_commands.command(
        description=mark_on(
            "command", "Who waits for what, since when, until when and why; cancel what should not be made"
        )
    )
    @privately
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show the queue."""
        await self._switch(interaction, "show")

    @app_commands.command(
        description=mark_on("command", "Send nothing more to the provider; new requests are accepted and wait")
    )
    @privately
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        """Pause the queue. What is rendering goes on."""
        await self._switch(interaction, "pause")

    @app_commands.command(description=mark_on("command", "Accept no new requests; what waits is still made"))
    @privately
    async def drain(self, interaction: discord.Interaction[Any]) -> None:
        """Drain the queue, for example at the end of an event."""
        await self._switch(interaction, "drain")

    @app_commands.command(description=mark_on("command", "End a pause, and accept requests again"))
    @privately
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        """Turn both switches off."""
        await self._switch(interaction, "resume")

    async def turn_page(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Show a page of the queue in place, as it is now."""
        _require_moderator(interaction)
        await interaction.response.defer()
        await self._show(interaction, page)

    async def cancel(self, interaction: discord.Interaction[Any], job_id: str, page: int) -> None:
        """Cancel a job for a moderator, if it was not sent yet, and show the page of the queue as it is then."""
        _require_moderator(interaction)
        view = await self._jobs.get(job_id)
        if view is None or view.job.guild_id != interaction.guild_id:
            raise NotPossible(Impossible.NO_SUCH_JOB)
        await interaction.response.defer()
        cancelled = await self._jobs.cancel(job_id, interaction.user.id)
        now = await self._jobs.get(job_id) or view
        await self._show(interaction, page, cancelled_words(now.job, cancelled=cancelled))

    async def _switch(self, interaction: discord.Interaction[Any], word: str) -> None:
        for switch, on in SWITCHED[word].items():
            await self._operations.switch(guild_id_of(interaction), switch, on, interaction.user.id)
        await self._show(interaction, 0)

    async def _show(self, interaction: discord.Interaction[Any], page: int, done: str | None = None) -> None:
        await show(interaction, queue_view(await self._operations.queue_page(guild_id_of(interaction), page), done))


def _require_moderator(interaction: discord.Interaction[Any]) -> None:
    """Check a press as the command is checked. Raises NotPossible."""
    if not may_manage_guild(interaction):
        raise NotPossible(Impossible.NOT_A_MODERATOR)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Queue(bot))
