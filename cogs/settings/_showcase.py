"""The page about the showcase."""

from typing import Any

import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel import showcase
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from cogs.settings._channels import FORWARDS, writable_channel
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel

SETTINGS = (
    GuildSetting.SHOWCASE_CHANNEL,
    GuildSetting.SHOWCASE_LIKES,
    GuildSetting.WEEKLY_REEL_DAY,
    GuildSetting.WEEKLY_REEL_HOUR,
)
FILMS = (*FORWARDS, "attach_files")
"""What the bot needs where the film of a week is posted."""


class ShowcasePage(Page):
    """Chooses where liked results are forwarded to, and how many people have to like one."""

    key = showcase.PAGE
    title = showcase.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        next_at = await panel.services.gallery.next_weekly_reel(panel.guild.id)
        return showcase.showcase_items(view, panel.known_ids, next_at)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the settings of the page."""
        return summary_of(panel, await panel.services.guild_settings.view(panel.guild.id), *SETTINGS)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel or a number, and have results looked at that may come into the showcase by it."""
        if control.action == GuildSetting.WEEKLY_REEL_DAY:
            return await self._set_day(panel, control, None if values[0] == showcase.NEVER else int(values[0]))
        if control.action == GuildSetting.WEEKLY_REEL_HOUR:
            return await choose(panel, control, GuildSetting.WEEKLY_REEL_HOUR, int(values[0]))
        if control.action == GuildSetting.SHOWCASE_CHANNEL:
            channel_id = writable_channel(panel, values, FORWARDS)
            note = await choose(panel, control, GuildSetting.SHOWCASE_CHANNEL, channel_id)
        elif control.action == GuildSetting.SHOWCASE_LIKES:
            note = await choose(panel, control, GuildSetting.SHOWCASE_LIKES, int(values[0]))
        else:
            return await super().use(panel, control, values, offered)
        await panel.services.gallery.look_for_showcase(panel.guild.id)
        return note

    async def _set_day(self, panel: Panel, control: Control, day: int | None) -> str:
        """Set the day of the reel of the week. Raises Declined where there is no showcase, or it takes no films."""
        settings = await panel.services.guild_settings.of(panel.guild.id)
        if day is not None and settings.showcase_channel is None:
            raise Declined(showcase.no_showcase())
        if day is not None:
            writable_channel(panel, [str(settings.showcase_channel)], FILMS)
        return await choose(panel, control, GuildSetting.WEEKLY_REEL_DAY, day)
