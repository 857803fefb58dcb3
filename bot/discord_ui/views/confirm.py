"""A question with the answers yes and no. It lives in memory: nothing is done until somebody says yes."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import answer_error

CONFIRM_SECONDS = 600
"""Seconds for which the question can be answered."""


class ConfirmView(discord.ui.View):
    """The buttons for yes and no, once. `yes` labels the first; `declined` is what "no" answers."""

    def __init__(
        self,
        confirmed: Callable[[discord.Interaction[Any]], Awaitable[None]],
        *,
        yes: str,
        declined: str = "All right, nothing was done.",
    ) -> None:
        super().__init__(timeout=CONFIRM_SECONDS)
        self._confirmed = confirmed
        self._declined = declined
        self.yes.label = yes

    @discord.ui.button(label="Yes", style=discord.ButtonStyle.success)
    async def yes(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Go on."""
        self.stop()
        await interaction.response.defer()
        await self._confirmed(interaction)

    @discord.ui.button(label="Not now", style=discord.ButtonStyle.secondary)
    async def no(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Drop it."""
        self.stop()
        await interaction.response.defer()
        await answer(interaction, self._declined)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error of a press."""
        await answer_error(interaction, error)
