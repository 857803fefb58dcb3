"""The page about what is told and kept."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import records
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from cogs.settings._channels import POSTING, writable_channel
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel


class RecordsPage(Page):
    """Chooses the log channel."""

    key = records.PAGE
    title = records.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        return records.records_items(await panel.services.guild_settings.view(panel.guild.id), panel.known_ids)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the settings of the page."""
        return summary_of(panel, await panel.services.guild_settings.view(panel.guild.id), GuildSetting.LOG_CHANNEL)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel."""
        if control.action != GuildSetting.LOG_CHANNEL:
            return await super().use(panel, control, values, offered)
        return await choose(panel, control, GuildSetting.LOG_CHANNEL, writable_channel(panel, values, POSTING))
