"""The first page of the panel: everything that is in force, and where it came from."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.message_limits import fitting_lines
from bot.discord_ui.views.settings_panel.frame import Origin, origin_words
from bot.discord_ui.views.words import pair

PAGE = "overview"
TITLE = mark("Overview")
TEXT_MAX = 3_000
"""Characters of the list."""
LEGEND = mark("Bold is what somebody chose here; everything else is the default.")

Entry = tuple[str, str, Origin | None]


def overview_items(pages: Iterable[tuple[str, Sequence[Entry]]]) -> list[discord.ui.Item[Any]]:
    """Return the page. Each page has its title and its entries: a setting's name, its value, and where it came from."""
    lines: list[str] = []
    for title, entries in pages:
        lines += [f"### {title}", *(_line(*entry) for entry in entries)] if entries else []
    return [discord.ui.TextDisplay(fitting_lines(lines, TEXT_MAX)), discord.ui.TextDisplay(f"-# {say(LEGEND)}")]


def _line(name: str, value: str, origin: Origin | None) -> str:
    """Return one line for a default, two for what somebody chose."""
    if origin is None:
        return pair(name, value)
    return f"**{pair(name, value)}**\n-# {origin_words(origin)}"
