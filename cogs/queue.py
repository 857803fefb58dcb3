"""`/queue`: moderators look at their server's queue, pause it, and let it run dry."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.permissions import ManageGuildOnly
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.views.operations_cards import SWITCHED, queue_text


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
class Queue(
    ManageGuildOnly,
    commands.GroupCog,
    group_name="queue",
    group_description="This server's queue: look, pause, drain",
):
    """Commands that answer with the state of the queue after them."""

    def __init__(self, bot: ReelBot) -> None:
        self._operations = bot.services.operations

    @app_commands.command(description="How many jobs wait and run here, and whether the queue is held up")
    @privately
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show the queue."""
        await self._switch(interaction, "show")

    @app_commands.command(description="Send nothing more to the provider; new requests are accepted and wait")
    @privately
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        """Pause the queue. What is rendering goes on."""
        await self._switch(interaction, "pause")

    @app_commands.command(description="Accept no new requests; what waits is still made")
    @privately
    async def drain(self, interaction: discord.Interaction[Any]) -> None:
        """Drain the queue, for example at the end of an event."""
        await self._switch(interaction, "drain")

    @app_commands.command(description="End a pause, and accept requests again")
    @privately
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        """Turn both switches off."""
        await self._switch(interaction, "resume")

    async def _switch(self, interaction: discord.Interaction[Any], word: str) -> None:
        for switch, on in SWITCHED[word].items():
            await self._operations.switch(guild_id_of(interaction), switch, on, interaction.user.id)
        await answer(interaction, queue_text(await self._operations.queue_state(guild_id_of(interaction))))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Queue(bot))
