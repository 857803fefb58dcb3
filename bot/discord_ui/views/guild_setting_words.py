"""The settings of a guild in words: their names, and their values for the panel and the change log."""

from bot.discord_ui.views.escaping import code
from bot.domain.guild_settings import GuildSetting
from bot.domain.json_value import JsonValue

VALUE_SHOWN_MAX = 80
"""Characters of a value that are shown."""

SETTING_NAMES = {
    GuildSetting.DEFAULT_MODEL: "Default model",
}


def setting_name(name: str) -> str:
    """Return what a setting is called, also one that only another version knows."""
    return SETTING_NAMES[GuildSetting(name)] if name in SETTING_NAMES else code(name, VALUE_SHOWN_MAX)


def value_words(value: JsonValue) -> str:
    """Return a stored value in words."""
    return "none" if value is None else code(str(value), VALUE_SHOWN_MAX)
