"""A question with the answers yes and no. It lives in memory: nothing is done until somebody says yes."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import answer_error

CONFIRM_SECONDS = 600
"""Seconds for which the question can be answered."""


class ConfirmView(discord.ui.View):
    """Yes or no, once."""

    def __init__(self, confirmed: Callable[[discord.Interaction[Any]], Awaitable[None]]) -> None:
        super().__init__(timeout=CONFIRM_SECONDS)
        self._confirmed = confirmed

    @discord.ui.button(label="Generate", style=discord.ButtonStyle.success)
    async def yes(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Go on with the request."""
        self.stop()
        await interaction.response.defer()
        await self._confirmed(interaction)

    @discord.ui.button(label="Not now", style=discord.ButtonStyle.secondary)
    async def no(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Drop it."""
        self.stop()
        await interaction.response.defer()
        await answer(interaction, "All right, nothing was charged.")

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error of a press."""
        await answer_error(interaction, error)
