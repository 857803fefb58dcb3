"""The page of the panel about where, and with which roles, videos may be asked for."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say_on
from bot.discord_ui.views.guild_setting_words import value_words
from bot.discord_ui.views.settings_panel.controls import channel_select, role_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint, stored_value

PAGE = "access"
TITLE = mark("Where and who")
SELECTED_MAX = 25
"""Channels or roles that a select takes."""
CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.category,
]


def access_items(view: SettingsView, known_ids: Collection[int]) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels and roles; others were deleted."""
    items: list[discord.ui.Item[Any]] = []
    for setting in (GuildSetting.ALLOWED_CHANNELS, GuildSetting.ALLOWED_ROLES):
        value: Any = stored_value(view.settings, setting)
        items.append(text_of(view, setting, value_words(setting, value, known_ids=known_ids)))
        chosen = [id_ for id_ in value if id_ in known_ids]
        control = Control(PAGE, setting, f"0.{fingerprint(value)}")
        if setting is GuildSetting.ALLOWED_CHANNELS:
            items.append(
                channel_select(control, chosen, CHANNEL_TYPES, say_on("placeholder", "All channels"), high=SELECTED_MAX)
            )
        else:
            items.append(role_select(control, chosen, say_on("placeholder", "Everybody"), high=SELECTED_MAX))
    return items
