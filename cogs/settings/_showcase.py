"""The page about the showcase."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import showcase
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from cogs.settings._channels import FORWARDS, writable_channel
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel

SETTINGS = (GuildSetting.SHOWCASE_CHANNEL, GuildSetting.SHOWCASE_LIKES)


class ShowcasePage(Page):
    """Chooses where liked results are forwarded to, and how many people have to like one."""

    key = showcase.PAGE
    title = showcase.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        return showcase.showcase_items(await panel.services.guild_settings.view(panel.guild.id), panel.known_ids)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the settings of the page."""
        return summary_of(panel, await panel.services.guild_settings.view(panel.guild.id), *SETTINGS)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel or the number, and have results looked at that may come into the showcase by it."""
        if control.action == GuildSetting.SHOWCASE_CHANNEL:
            channel_id = writable_channel(panel, values, FORWARDS)
            note = await choose(panel, control, GuildSetting.SHOWCASE_CHANNEL, channel_id)
        elif control.action == GuildSetting.SHOWCASE_LIKES:
            note = await choose(panel, control, GuildSetting.SHOWCASE_LIKES, int(values[0]))
        else:
            return await super().use(panel, control, values, offered)
        await panel.services.gallery.look_for_showcase(panel.guild.id)
        return note
