"""The buttons of films that were posted."""

from contextlib import suppress
from typing import Any

import discord
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import acknowledge, answer
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.film_action import FilmAction
from bot.discord_ui.interactions.permissions import may_moderate
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.film_words import FILM_DELETED, NOT_YOUR_FILM


class FilmButtons(commands.Cog):
    """Deletes a film for who asked for it, and for moderators."""

    def __init__(self, bot: ReelBot) -> None:
        self._films = bot.services.films
        bot.handlers.film_button = self.press

    async def press(self, interaction: discord.Interaction[Any], _action: FilmAction, render_id: int) -> None:
        """Delete a film's message. Deleting is all that can be done to a film so far."""
        message = interaction.message
        if message is None:
            return
        render = await self._films.find(render_id)
        own = render is not None and render.asked_by == interaction.user.id
        if not own and not may_moderate(interaction, message.channel.id):
            raise Declined(say(NOT_YOUR_FILM))
        if not await acknowledge(interaction):
            return
        if render is not None:
            await self._films.note_deleted(render_id, interaction.user.id)
        with suppress(discord.NotFound):  # deleted already: what was wanted
            await message.delete()
        await answer(interaction, say(FILM_DELETED))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(FilmButtons(bot))
