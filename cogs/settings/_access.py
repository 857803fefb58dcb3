"""The page about where, and with which roles, videos may be asked for."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import access
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from bot.domain.json_value import JsonValue
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel

SETTINGS = (GuildSetting.ALLOWED_CHANNELS, GuildSetting.ALLOWED_ROLES)


class AccessPage(Page):
    """Chooses the allowed channels and roles."""

    key = access.PAGE
    title = access.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        return access.access_items(view, panel.known_ids)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return both settings."""
        return summary_of(panel, await panel.services.guild_settings.view(panel.guild.id), *SETTINGS)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Allow the chosen channels or roles, and no others."""
        if control.action not in SETTINGS:
            return await super().use(panel, control, values, offered)
        chosen: list[JsonValue] = [*sorted(map(int, values))]
        return await choose(panel, control, GuildSetting(control.action), chosen)
