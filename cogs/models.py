"""`/models`: every model, what it takes, what it costs, and how long it usually takes here."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.options import suggestions
from bot.discord_ui.interactions.answers import answer, show
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.views.models_page import PAGE_SIZE, models_view
from bot.discord_ui.views.request_words import no_models
from bot.services.commands import CommandName


class Models(commands.Cog):
    """Shows the catalogue."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        bot.handlers.models_page = self.turn_page

    @app_commands.command(
        description=mark_on("command", "What each model takes, costs, and how long it usually takes here")
    )
    @app_commands.describe(family=mark_on("command", "Begin with this family of models"))
    @app_commands.guild_only()
    @privately
    async def models(self, interaction: discord.Interaction[Any], family: str | None = None) -> None:
        """Show the first page, or the one on which a family begins."""
        names = self._names()
        page = 0
        if family is not None:
            commands_in_order = sorted(names.values())
            position = next((n for n, name in enumerate(commands_in_order) if name.command == family.strip("/ ")), 0)
            page = position // PAGE_SIZE
        await self._show(interaction, names, page)

    @models.autocomplete("family")
    async def families(self, _interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Suggest families by their command, from memory."""
        known = sorted({name.command for name in self._names().values()})
        return [app_commands.Choice(name=f"/{family}", value=str(family)) for family in suggestions(known, typed)]

    async def turn_page(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Show another page, in place."""
        await interaction.response.defer()
        await self._show(interaction, self._names(), page)

    def _names(self) -> Mapping[str, CommandName]:
        """Return the commands of the models that there are now, from memory."""
        catalogue, names = self._services.catalogue.current, self._services.commands.names
        if catalogue is None:
            return {}
        return {model.slug: names[model.slug] for model in catalogue.models if model.slug in names}

    async def _show(self, interaction: discord.Interaction[Any], names: Mapping[str, CommandName], page: int) -> None:
        catalogue = self._services.catalogue.current
        if catalogue is None:
            await answer(interaction, no_models(key_refused=self._services.catalogue.key_refused))
            return
        settings = await self._services.guild_settings.of(guild_id_of(interaction))
        models = [model for model in catalogue.models if settings.allows_model(model.slug)]
        not_allowed = len(catalogue.models) - len(models)
        standings = await self._services.comparisons.standings(guild_id_of(interaction))
        marked = await self._services.age_restriction.models()
        view = models_view(
            models, names, self._services.jobs.durations_of, page, not_allowed, standings, age_restricted=marked
        )
        await show(interaction, view)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Models(bot))
