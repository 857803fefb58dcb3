"""Buttons and selects about reels, which work for ever, and the dialogs that they open.

A custom id names the action, the reel, the reel's version when the control was shown, and an argument of the action's
own. Who may use a control is checked by the handler at each use: everybody sees those of the panel.
"""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle_edit, handlers_of
from bot.discord_ui.interactions.reel_press import ReelAction, ReelPress
from bot.discord_ui.views.job_button import PREFIX

_PRESS = r"(?P<action>[a-z-]{1,20}):(?P<reel>[0-9]{1,19}):(?P<version>[0-9]{1,10}):(?P<argument>[0-9a-z-]{0,50})"
_CONTROL = re.compile(rf"{PREFIX}:film:{_PRESS}")
_DIALOG = re.compile(rf"{PREFIX}:film-dialog:{_PRESS}")
DIALOG_SECONDS = 900
"""Seconds that discord.py keeps a dialog in memory. It is answered later, too."""


class ReelControl(discord.ui.DynamicItem[discord.ui.Item[Any]], template=_CONTROL):
    """A button or a select about a reel."""

    def __init__(self, item: discord.ui.Item[Any], press: ReelPress) -> None:
        super().__init__(item)
        self.press = press

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the control anew when it is used."""
        return cls(item, _press_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass on what was pressed, and what was chosen."""
        data: Any = interaction.data
        await handle_edit(
            handlers_of(interaction).reel_pressed, interaction, self.press, list(data.get("values") or ())
        )


def reel_button(
    press: ReelPress,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    disabled: bool = False,
) -> ReelControl:
    """Return a button."""
    button: discord.ui.Button[Any] = discord.ui.Button(
        label=label, style=style, custom_id=_custom_id("film", press), disabled=disabled
    )
    return ReelControl(button, press)


def reel_select(press: ReelPress, options: list[discord.SelectOption], placeholder: str) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of one text."""
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=_custom_id("film", press), options=options, placeholder=placeholder
    )
    return discord.ui.ActionRow(ReelControl(select, press))


def people_select(press: ReelPress, chosen: list[int], placeholder: str, high: int) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of people. `chosen` must exist."""
    select: discord.ui.UserSelect[Any] = discord.ui.UserSelect(
        custom_id=_custom_id("film", press),
        placeholder=placeholder,
        min_values=0,
        max_values=high,
        default_values=[
            discord.SelectDefaultValue(id=member_id, type=discord.SelectDefaultValueType.user) for member_id in chosen
        ],
    )
    return discord.ui.ActionRow(ReelControl(select, press))


def dialog(press: ReelPress, title: str) -> discord.ui.Modal:
    """Return an empty dialog."""
    return discord.ui.Modal(title=title, custom_id=_custom_id("film-dialog", press), timeout=DIALOG_SECONDS)


def dialog_press(custom_id: str) -> ReelPress | None:
    """Return what a submitted dialog is for, or None for other dialogs than those about reels."""
    match = _DIALOG.fullmatch(custom_id)
    return _press_of(match) if match else None


def _press_of(match: re.Match[str]) -> ReelPress:
    return ReelPress(ReelAction(match["action"]), int(match["reel"]), int(match["version"]), match["argument"])


def _custom_id(kind: str, press: ReelPress) -> str:
    return f"{PREFIX}:{kind}:{press.action}:{press.reel_id}:{press.version}:{press.argument}"
