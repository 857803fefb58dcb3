"""The first page of the panel: everything that is in force, and where it came from."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.discord_ui.views.message_limits import fitting_lines
from bot.discord_ui.views.settings_panel.frame import Origin, origin_words

PAGE = "overview"
TITLE = "Overview"
TEXT_MAX = 3_000
"""Characters of the list."""


def overview_items(entries: Iterable[tuple[str, str, Origin | None]]) -> list[discord.ui.Item[Any]]:
    """Return the page. Each entry is a setting's name, its value in words, and where it came from."""
    lines = [f"**{name}**: {value}\n-# {origin_words(origin)}" for name, value, origin in entries]
    return [discord.ui.TextDisplay(fitting_lines(lines, TEXT_MAX))]
