"""A question with the answers yes and no. It lives in memory: nothing is done until somebody says yes."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import answer_error
from bot.discord_ui.interactions.reader import speak_to_member
from bot.discord_ui.language.speaking import say, say_on

CONFIRM_SECONDS = 600
"""Seconds for which the question can be answered."""


class ConfirmView(discord.ui.View):
    """The buttons for yes and no, once. `yes` labels the first; `declined` is what "no" answers."""

    def __init__(
        self,
        confirmed: Callable[[discord.Interaction[Any]], Awaitable[None]],
        *,
        yes: str,
        declined: str | None = None,
    ) -> None:
        super().__init__(timeout=CONFIRM_SECONDS)
        self._confirmed = confirmed
        self._declined = declined or say("All right, nothing was done.")
        self.yes.label = yes
        self.no.label = say_on("button", "Not now")

    @discord.ui.button(style=discord.ButtonStyle.success)
    async def yes(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Go on."""
        self.stop()
        await self._go_on(interaction)

    @discord.ui.button(style=discord.ButtonStyle.secondary)
    async def no(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Drop it."""
        self.stop()
        await interaction.response.defer()
        await answer(interaction, self._declined)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Begin to speak the member's language. discord.py asks this before every press."""
        speak_to_member(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error of a press."""
        await answer_error(interaction, error)

    async def _go_on(self, interaction: discord.Interaction[Any]) -> None:
        """Do what was confirmed. Its answer takes the place of the question."""
        await interaction.response.defer()
        await self._confirmed(interaction)


class PriceQuestion(ConfirmView):
    """The question whether a price is meant. The answer to "yes" is public, so the private question is deleted."""

    def __init__(
        self, asked: discord.Interaction[Any], confirmed: Callable[[discord.Interaction[Any]], Awaitable[None]]
    ) -> None:
        """Take the interaction that the question answers, and what to do with the interaction that says yes."""
        super().__init__(confirmed, yes=say_on("button", "Generate"), declined=say("All right, nothing was charged."))
        self._asked = asked

    async def _go_on(self, interaction: discord.Interaction[Any]) -> None:
        await self._confirmed(interaction)
        # The question goes last: its answer has Discord's three seconds, the question has fifteen minutes.
        with suppress(discord.HTTPException):
            await self._asked.delete_original_response()
