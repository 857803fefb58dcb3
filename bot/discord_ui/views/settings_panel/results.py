"""The page of the panel about results: where they are posted, in which language, and who may repeat them."""

from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.catalogues import own_names
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.guild_setting_words import REUSE_WORDS, setting_name, value_words
from bot.discord_ui.views.settings_panel.controls import channel_select, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.words import capitalised
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint, stored_value

PAGE = "results"
TITLE = mark("Results")
AS_DISCORD = "discord"
"""The value of the choice that leaves the language to Discord."""
OPTIONS_MAX = 25
"""Choices that Discord takes in a select."""

CHANNEL_TYPES = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


def results_items(view: SettingsView, known_ids: Collection[int]) -> list[discord.ui.Item[Any]]:
    """Return the page. `known_ids` are the guild's channels; others were deleted."""
    channel, right = GuildSetting.RESULTS_CHANNEL, GuildSetting.AGAIN_AND_EDIT
    channel_id, value = view.settings.results_channel, stored_value(view.settings, right)
    options = [
        discord.SelectOption(label=capitalised(say(words)), value=name, default=name == value)
        for name, words in REUSE_WORDS.items()
    ]
    chosen = [channel_id] if channel_id is not None and channel_id in known_ids else []
    where = Control(PAGE, channel, f"0.{fingerprint(channel_id)}")
    return [
        text_of(view, channel, value_words(channel, channel_id, known_ids=known_ids)),
        channel_select(where, chosen, CHANNEL_TYPES, say_on("placeholder", "Where they are asked for")),
        text_of(view, right, value_words(right, value)),
        string_select(Control(PAGE, right, f"0.{fingerprint(value)}"), options, setting_name(right), low=1),
        *_language(view),
    ]


def _language(view: SettingsView) -> list[discord.ui.Item[Any]]:
    """Return the text about the language, and as many selects as its choices need."""
    setting, locale = GuildSetting.LANGUAGE, view.settings.language
    by_discord = discord.SelectOption(
        label=capitalised(value_words(setting, None)), value=AS_DISCORD, default=locale is None
    )
    options = [by_discord] + [
        discord.SelectOption(label=name, value=one, default=one == locale) for one, name in own_names().items()
    ]
    selects = [
        string_select(
            Control(PAGE, setting, f"{start}.{fingerprint(locale)}"),
            options[start : start + OPTIONS_MAX],
            setting_name(setting),
            low=1,
        )
        for start in range(0, len(options), OPTIONS_MAX)
    ]
    return [text_of(view, setting, value_words(setting, locale)), *selects]
