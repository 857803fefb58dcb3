"""The page of the panel about the showcase: where it is, and how many people have to like a result."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say_on
from bot.discord_ui.views.guild_setting_words import setting_name, value_words
from bot.discord_ui.views.settings_panel.controls import channel_select, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint

PAGE = "showcase"
TITLE = mark("Showcase")
CHANNEL_TYPES = [discord.ChannelType.text, discord.ChannelType.news]
LIKES = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100)
"""Numbers of people that are offered."""


def showcase_items(view: SettingsView, known_ids: Collection[int]) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels; others were deleted."""
    channel, likes = GuildSetting.SHOWCASE_CHANNEL, GuildSetting.SHOWCASE_LIKES
    channel_id, least = view.settings.showcase_channel, view.settings.showcase_likes
    chosen = [channel_id] if channel_id is not None and channel_id in known_ids else []
    options = [
        discord.SelectOption(label=value_words(likes, one), value=str(one), default=one == least)
        for one in sorted({*LIKES, least})
    ]
    return [
        text_of(view, channel, value_words(channel, channel_id, known_ids=known_ids)),
        channel_select(
            Control(PAGE, channel, f"0.{fingerprint(channel_id)}"),
            chosen,
            CHANNEL_TYPES,
            say_on("placeholder", "No showcase"),
        ),
        text_of(view, likes, value_words(likes, least)),
        string_select(Control(PAGE, likes, f"0.{fingerprint(least)}"), options, setting_name(likes), low=1),
    ]
