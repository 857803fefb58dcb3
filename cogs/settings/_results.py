"""The page about results."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import results
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from cogs.settings._channels import VIDEOS, writable_channel
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel


class ResultsPage(Page):
    """Chooses where videos are posted, in which language, and who may repeat them by their buttons."""

    key = results.PAGE
    title = results.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        return results.results_items(await panel.services.guild_settings.view(panel.guild.id), panel.known_ids)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the settings of the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        return summary_of(panel, view, GuildSetting.RESULTS_CHANNEL, GuildSetting.AGAIN_AND_EDIT, GuildSetting.LANGUAGE)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel, the right or the language."""
        if control.action == GuildSetting.RESULTS_CHANNEL:
            return await choose(panel, control, GuildSetting.RESULTS_CHANNEL, writable_channel(panel, values, VIDEOS))
        if control.action == GuildSetting.AGAIN_AND_EDIT:
            return await choose(panel, control, GuildSetting.AGAIN_AND_EDIT, values[0])
        if control.action == GuildSetting.LANGUAGE:
            locale = None if values[0] == results.AS_DISCORD else values[0]
            return await choose(panel, control, GuildSetting.LANGUAGE, locale)
        return await super().use(panel, control, values, offered)
