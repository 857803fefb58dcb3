"""What the pages of settings share: a changed value is written, unless another one stands than was shown."""

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.guild_setting_words import setting_name, value_words
from bot.discord_ui.views.settings_panel.frame import Origin, changed, origin_of
from bot.domain.guild_settings import GuildSetting, SettingsView, stored_value
from bot.domain.json_value import JsonValue
from cogs.settings._page import Panel


async def choose(panel: Panel, control: Control, setting: GuildSetting, value: JsonValue) -> str:
    """Set a setting for the panel's moderator and return the note. Raises NotPossible for a stale panel."""
    seen = control.argument.rpartition(".")[2]
    await panel.services.guild_settings.change(panel.guild.id, panel.actor_id, setting, value, seen=seen)
    return changed(setting_name(setting), words(panel, setting, value))


def words(panel: Panel, setting: GuildSetting, value: JsonValue) -> str:
    """Return a value in words, with the names of models."""
    return value_words(setting, value, panel.services.catalogue.name_of, panel.known_ids)


def summary_of(panel: Panel, view: SettingsView, *settings: GuildSetting) -> list[tuple[str, str, Origin | None]]:
    """Return what the overview says of some settings."""
    return [
        (setting_name(one), words(panel, one, stored_value(view.settings, one)), origin_of(view, one))
        for one in settings
    ]
