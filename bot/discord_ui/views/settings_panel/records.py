"""The page of the panel about what is told and kept: the log channel."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say_on
from bot.discord_ui.views.guild_setting_words import value_words
from bot.discord_ui.views.settings_panel.controls import channel_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint

PAGE = "records"
TITLE = mark("Log")
CHANNEL_TYPES = [discord.ChannelType.text, discord.ChannelType.news]


def records_items(view: SettingsView, known_ids: Collection[int]) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels; others were deleted."""
    setting, channel_id = GuildSetting.LOG_CHANNEL, view.settings.log_channel
    chosen = [channel_id] if channel_id is not None and channel_id in known_ids else []
    control = Control(PAGE, setting, f"0.{fingerprint(channel_id)}")
    return [
        text_of(view, setting, value_words(setting, channel_id, known_ids=known_ids)),
        channel_select(control, chosen, CHANNEL_TYPES, say_on("placeholder", "No log")),
    ]
