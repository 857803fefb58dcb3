"""Selects and buttons of the panel, which work for ever, and the dialogs that its buttons open.

A custom id names the page, what the page is to do, and an argument of the page's own, for example the fingerprint of
the value that was shown. Who may use a control is checked by the handler at each use.
"""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.job_button import PREFIX

TURN = "turn"
"""The action of the select that turns the page: its value is the page's key."""

_CONTROL = r"(?P<page>[a-z_]{1,20}):(?P<action>[a-z_]{1,30}):(?P<argument>[0-9a-z._-]{0,40})"
_USE = re.compile(rf"{PREFIX}:panel:{_CONTROL}")
_ASK = re.compile(rf"{PREFIX}:panel-ask:{_CONTROL}")
_DIALOG = re.compile(rf"{PREFIX}:panel-dialog:{_CONTROL}")
DIALOG_SECONDS = 900
"""Seconds that discord.py keeps a dialog in memory. It is answered later, too."""


class PanelItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=_USE):
    """A select, or a button that acts at once."""

    def __init__(self, item: discord.ui.Item[Any], control: Control) -> None:
        super().__init__(item)
        self.control = control

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the control anew when it is used."""
        return cls(item, Control(**match.groupdict()))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass on what was chosen, and what could have been."""
        data: Any = interaction.data
        offered = [option.value for option in getattr(self.item, "options", ())]
        await handle(
            handlers_of(interaction).panel_used, interaction, self.control, list(data.get("values") or ()), offered
        )


class PanelQuestion(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_ASK):
    """A button that opens a dialog."""

    def __init__(self, item: discord.ui.Button[Any], control: Control) -> None:
        super().__init__(item)
        self.control = control

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        if not isinstance(item, discord.ui.Button):
            raise TypeError("only buttons ask")
        return cls(item, Control(**match.groupdict()))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).panel_asked, interaction, self.control)


def string_select(
    control: Control, options: list[discord.SelectOption], placeholder: str, *, low: int = 0, high: int = 1
) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of texts, of which `low` to `high` may be chosen."""
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=_custom_id("panel", control),
        options=options,
        placeholder=placeholder,
        min_values=low,
        max_values=high,
    )
    return discord.ui.ActionRow(PanelItem(select, control))


def channel_select(
    control: Control,
    chosen: list[int],
    types: list[discord.ChannelType],
    placeholder: str,
    *,
    high: int = 1,
) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of channels. `chosen` must exist."""
    select: discord.ui.ChannelSelect[Any] = discord.ui.ChannelSelect(
        custom_id=_custom_id("panel", control),
        channel_types=types,
        placeholder=placeholder,
        min_values=0,
        max_values=high,
        default_values=[discord.SelectDefaultValue.from_channel(discord.Object(id_)) for id_ in chosen[:high]],
    )
    return discord.ui.ActionRow(PanelItem(select, control))


def role_select(control: Control, chosen: list[int], placeholder: str, *, high: int = 1) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of roles. `chosen` must exist."""
    select: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
        custom_id=_custom_id("panel", control),
        placeholder=placeholder,
        min_values=0,
        max_values=high,
        default_values=[discord.SelectDefaultValue.from_role(discord.Object(id_)) for id_ in chosen[:high]],
    )
    return discord.ui.ActionRow(PanelItem(select, control))


def user_select(control: Control, placeholder: str) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of one member."""
    select: discord.ui.UserSelect[Any] = discord.ui.UserSelect(
        custom_id=_custom_id("panel", control), placeholder=placeholder, min_values=0
    )
    return discord.ui.ActionRow(PanelItem(select, control))


def act_button(control: Control, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> PanelItem:
    """Return a button that acts at once."""
    button: discord.ui.Button[Any] = discord.ui.Button(label=label, style=style, custom_id=_custom_id("panel", control))
    return PanelItem(button, control)


def ask_button(control: Control, label: str) -> PanelQuestion:
    """Return a button that opens a dialog."""
    return PanelQuestion(discord.ui.Button(label=label, custom_id=_custom_id("panel-ask", control)), control)


def dialog(control: Control, title: str) -> discord.ui.Modal:
    """Return an empty dialog whose answer goes to the control's page."""
    return discord.ui.Modal(title=title, custom_id=_custom_id("panel-dialog", control), timeout=DIALOG_SECONDS)


def dialog_control(custom_id: str) -> Control | None:
    """Return what a submitted dialog is for, or None for other dialogs than those of the panel."""
    match = _DIALOG.fullmatch(custom_id)
    return Control(**match.groupdict()) if match else None


def _custom_id(kind: str, control: Control) -> str:
    return f"{PREFIX}:{kind}:{control.page}:{control.action}:{control.argument}"
