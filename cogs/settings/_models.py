"""The page about models."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import models
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from bot.domain.json_value import JsonValue
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel


class ModelsPage(Page):
    """Chooses the default model and the allowed ones."""

    key = models.PAGE
    title = models.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        catalogue = panel.services.catalogue.current
        offered = catalogue.models if catalogue is not None else ()
        restricted = await panel.services.age_restriction.models()
        return models.models_items(view, offered, panel.services.catalogue.name_of, restricted)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return both settings, and which models the owner keeps to age-restricted channels."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        restricted = await panel.services.age_restriction.models()
        name, value = models.age_entry(restricted, panel.services.catalogue.name_of)
        chosen = summary_of(panel, view, GuildSetting.DEFAULT_MODEL, GuildSetting.ALLOWED_MODELS)
        return [*chosen, (name, value, None)]

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str:
        """Set the default model, or allow some of the models that a select offered and no others of them."""
        if control.action == GuildSetting.DEFAULT_MODEL:
            return await choose(panel, control, GuildSetting.DEFAULT_MODEL, values[0] if values else None)
        if control.action == models.ALLOW_ALL:
            return await choose(panel, control, GuildSetting.ALLOWED_MODELS, None)
        if control.action != GuildSetting.ALLOWED_MODELS:
            return await super().use(panel, control, values, offered) or ""
        settings = await panel.services.guild_settings.of(panel.guild.id)
        catalogue = panel.services.catalogue.current
        before = settings.allowed_models
        if before is None:
            before = frozenset(model.slug for model in catalogue.models) if catalogue is not None else frozenset()
        after: list[JsonValue] = [*sorted((before - set(offered)) | set(values))]
        if not after:
            return models.nothing_allowed()
        return await choose(panel, control, GuildSetting.ALLOWED_MODELS, after)
