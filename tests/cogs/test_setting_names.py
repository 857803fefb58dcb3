"""A setting has one name: on the panel, in the log of changes and in the guide for moderators."""

import re
from pathlib import Path

from bot.discord_ui.views.audit_words import RULES, audit_words
from bot.discord_ui.views.guild_setting_words import SETTING_HINTS, SETTING_NAMES
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.guild_settings import GuildSetting, GuildSettings, stored_value
from cogs.settings._pages import PAGES
from sandbox.discord import DiscordSandbox, Persona
from tests.cogs.panel import open_panel

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "moderators.md"


async def on_the_panel(sandbox: DiscordSandbox, ada: Persona) -> list[tuple[str, str, str]]:
    """Return each setting of the panel's first page: its name, the page that it is on, and its value."""
    panel = await open_panel(sandbox, ada)
    titles = {page.title for page in PAGES}
    found, title = [], ""
    for line in panel.words.splitlines():
        if line.removeprefix("### ") in titles and line.startswith("### "):
            title = line.removeprefix("### ")
        elif title and ": " in line and not line.startswith("-#"):
            name, value = line.split(": ", 1)
            found.append((name, title, value))
    return found


async def test_the_guide_has_every_setting_of_the_panel_under_its_name_with_its_default(
    sandbox: DiscordSandbox, ada: Persona
) -> None:
    section = GUIDE.read_text().split("## All settings")[1]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", section, flags=re.MULTILINE)
    assert rows[2:] == await on_the_panel(sandbox, ada)


async def test_the_panels_names_are_those_of_the_log_of_changes(sandbox: DiscordSandbox, ada: Persona) -> None:
    told = {}
    for setting in GuildSetting:
        value = stored_value(GuildSettings(), setting)
        data = {"setting": setting.value, "before": value, "after": value}
        told[setting] = audit_words(AuditEntry(1, AuditAction.CHANGE_SETTING, data, 0.0), ())
        assert told[setting].startswith(f"{SETTING_NAMES[setting]}: ")
        assert setting in SETTING_HINTS
    lists = {"Word list", "Age-restricted models", "Styles"}
    logged = {*SETTING_NAMES.values(), *(name for name, _ in RULES.values()), *lists}
    assert {name for name, _, _ in await on_the_panel(sandbox, ada)} <= logged
