"""The page of the panel about results: who may repeat them."""

from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.guild_setting_words import REUSE_WORDS, SETTING_NAMES, value_words
from bot.discord_ui.views.settings_panel.controls import string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.words import capitalised
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint, stored_value

PAGE = "results"
TITLE = "Results"


def results_items(view: SettingsView) -> list[discord.ui.Item[Any]]:
    """Return the page."""
    setting = GuildSetting.AGAIN_AND_EDIT
    value = stored_value(view.settings, setting)
    options = [
        discord.SelectOption(label=capitalised(words), value=right, default=right == value)
        for right, words in REUSE_WORDS.items()
    ]
    return [
        text_of(view, setting, value_words(setting, value)),
        string_select(Control(PAGE, setting, f"0.{fingerprint(value)}"), options, SETTING_NAMES[setting], low=1),
    ]
