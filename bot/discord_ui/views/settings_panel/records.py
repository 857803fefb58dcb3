"""The page of the panel about what is told and kept: the log channel, and for how long words are kept."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say_many, say_on
from bot.discord_ui.views.guild_setting_words import setting_name, value_words
from bot.discord_ui.views.settings_panel.controls import channel_select, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint

PAGE = "records"
TITLE = mark("Log and retention")
CHANNEL_TYPES = [discord.ChannelType.text, discord.ChannelType.news]
DAYS = (7, 14, 30, 60, 90, 180, 365)
"""Days of retention that are offered, as far as the owner's are not fewer."""
OWNERS = "owner"
"""The value of the choice that leaves the retention to the owner."""


def records_items(view: SettingsView, known_ids: Collection[int], owners_days: int) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels; others were deleted.

    `owners_days` are the days of retention that the bot's owner set.
    """
    setting, channel_id = GuildSetting.LOG_CHANNEL, view.settings.log_channel
    chosen = [channel_id] if channel_id is not None and channel_id in known_ids else []
    control = Control(PAGE, setting, f"0.{fingerprint(channel_id)}")
    return [
        text_of(view, setting, value_words(setting, channel_id, known_ids=known_ids)),
        channel_select(control, chosen, CHANNEL_TYPES, say_on("placeholder", "No log")),
        *_retention(view, owners_days),
    ]


def retention_words(days: int | None, owners_days: int) -> str:
    """Return how long words are kept, and whose choice that is."""
    if days is not None and days <= owners_days:
        return value_words(GuildSetting.RETENTION_DAYS, days)
    return say_many("{count} day, as the bot's owner set it", "{count} days, as the bot's owner set it", owners_days)


def _retention(view: SettingsView, owners_days: int) -> list[discord.ui.Item[Any]]:
    setting, days = GuildSetting.RETENTION_DAYS, view.settings.retention_days
    offered = sorted({one for one in (*DAYS, days) if one is not None and one <= owners_days})
    left_to_owner = days is None or days > owners_days
    owners = discord.SelectOption(
        label=say_on("choice", "As the bot's owner set it"), value=OWNERS, default=left_to_owner
    )
    options = [
        discord.SelectOption(label=value_words(setting, one), value=str(one), default=one == days) for one in offered
    ]
    control = Control(PAGE, setting, f"0.{fingerprint(days)}")
    return [
        text_of(view, setting, retention_words(days, owners_days)),
        string_select(control, [owners, *options], setting_name(setting), low=1),
    ]
