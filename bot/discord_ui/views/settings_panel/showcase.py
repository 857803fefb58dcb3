"""The page of the panel about the showcase: where it is, what comes there, and when the reel of the week is made."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.guild_setting_words import setting_name, value_words
from bot.discord_ui.views.settings_panel.controls import channel_select, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.words import capitalised, relative
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint
from bot.domain.weekly_reel import HOURS, WEEKDAYS

PAGE = "showcase"
TITLE = mark("Showcase")
CHANNEL_TYPES = [discord.ChannelType.text, discord.ChannelType.news]
LIKES = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100)
"""Numbers of people that are offered."""
NEVER = "never"
"""The value of the choice that there are no reels of the week."""


def showcase_items(view: SettingsView, known_ids: Collection[int], next_at: float | None) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels; others were deleted.

    `next_at` is when the next reel of the week is made, in seconds since the epoch; None: never.
    """
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
        *_weekly(view, next_at),
    ]


def _weekly(view: SettingsView, next_at: float | None) -> list[discord.ui.Item[Any]]:
    day, hour = GuildSetting.WEEKLY_REEL_DAY, GuildSetting.WEEKLY_REEL_HOUR
    on, at = view.settings.weekly_reel_day, view.settings.weekly_reel_hour
    never = discord.SelectOption(label=capitalised(value_words(day, None)), value=NEVER, default=on is None)
    days = [never] + [
        discord.SelectOption(label=capitalised(value_words(day, one)), value=str(one), default=one == on)
        for one in WEEKDAYS
    ]
    hours = [discord.SelectOption(label=value_words(hour, one), value=str(one), default=one == at) for one in HOURS]
    when = value_words(day, on)
    if next_at is not None:
        when = say("{day}, the next one {moment}", day=when, moment=relative(next_at))
    return [
        text_of(view, day, when),
        string_select(Control(PAGE, day, f"0.{fingerprint(on)}"), days, setting_name(day), low=1),
        text_of(view, hour, value_words(hour, at)),
        string_select(Control(PAGE, hour, f"0.{fingerprint(at)}"), hours, setting_name(hour), low=1),
    ]


def no_showcase() -> str:
    """Return the note where reels of the week are wanted and there is nowhere to post them."""
    return say("Choose a showcase channel first: the reel of the week is posted there. Nothing was changed.")
