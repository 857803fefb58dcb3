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
    """Chooses the log channel, and for how long words are kept."""

    key = records.PAGE
    title = records.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        return records.records_items(view, panel.known_ids, panel.services.privacy.policy.retention_days)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the settings of the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        entries = summary_of(panel, view, GuildSetting.LOG_CHANNEL, GuildSetting.RETENTION_DAYS)
        name, _, origin = entries[1]
        owners_days = panel.services.privacy.policy.retention_days
        return [entries[0], (name, records.retention_words(view.settings.retention_days, owners_days), origin)]

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel or the days."""
        if control.action == GuildSetting.LOG_CHANNEL:
            return await choose(panel, control, GuildSetting.LOG_CHANNEL, writable_channel(panel, values, POSTING))
        if control.action == GuildSetting.RETENTION_DAYS:
            days = None if values == [records.OWNERS] else int(values[0])
            return await choose(panel, control, GuildSetting.RETENTION_DAYS, days)
        return await super().use(panel, control, values, offered)
