"""The buttons that turn the pages of a list, and which page each shows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import discord

from bot.discord_ui.language.speaking import mark_on, say_on


class Turn(StrEnum):
    """The page before, the same page anew, or the next one. Part of the buttons' custom ids: no two are the same."""

    BACK = "back"
    STAY = "stay"
    NEXT = "next"


IN_ORDER = {
    Turn.BACK: mark_on("button", "Previous"),
    Turn.STAY: mark_on("button", "Refresh"),
    Turn.NEXT: mark_on("button", "Next"),
}
"""The labels for a list in the order in which it is read."""
NEWEST_FIRST = {
    Turn.BACK: mark_on("button", "Newer"),
    Turn.STAY: mark_on("button", "Refresh"),
    Turn.NEXT: mark_on("button", "Older"),
}
"""The labels for a list that begins with what is newest."""


def turn_button(
    turn: Turn, labels: Mapping[Turn, str], custom_id: str, *, disabled: bool = False
) -> discord.ui.Button[Any]:
    """Return a button that turns pages. Its custom id says of which list, and to which page."""
    return discord.ui.Button(
        label=say_on("button", labels[turn]),
        style=discord.ButtonStyle.secondary,
        custom_id=custom_id,
        disabled=disabled,
    )
