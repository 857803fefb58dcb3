"""The film of a reel is asked for: with a question back where clips will be missing."""

from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.reel_panel.film_words import asked_words, missing_words
from cogs.reel._room import ReelRoom, require_panel_permissions


class Filming:
    """Asks for films. Every interaction that comes here is acknowledged privately."""

    def __init__(self, room: ReelRoom) -> None:
        self._room = room

    async def begin(self, interaction: discord.Interaction[Any], reel_id: int, version: int | None) -> None:
        """Have a film made, after a question where something of the reel will not be in it.

        `version` is that of the panel on which a member pressed; None: any.
        """
        _, actor = await self._room.actor(interaction, reel_id)
        require_panel_permissions(interaction)
        view = await self._room.services.reel_films.check(guild_id_of(interaction), reel_id, actor, version)
        question = missing_words(view.measure)
        if question is None:
            await self._ask(interaction, reel_id, version)
            return

        async def confirmed(again: discord.Interaction[Any]) -> None:
            await self._ask(again, reel_id, None)

        await answer(interaction, question, ConfirmView(confirmed, yes=say_on("button", "Make the film without them")))

    async def _ask(self, interaction: discord.Interaction[Any], reel_id: int, version: int | None) -> None:
        reel, actor = await self._room.actor(interaction, reel_id)
        channel_id = interaction.channel_id or 0
        asked = await self._room.services.reel_films.ask(reel.guild_id, reel_id, channel_id, actor, version)
        await answer(interaction, asked_words(reel, asked))
        await self._room.panels.refresh(reel.guild_id, reel_id)
