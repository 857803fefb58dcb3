"""What an owner can do about a new server, on the message that tells of it, and the dialog for an amount."""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.guild_action import GuildAction
from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark_on, say_on
from bot.discord_ui.views.job_button import PREFIX

AMOUNT = "amount"
"""The custom id of the dialog's field."""
GIVEN_CREDITS = 1_000
"""Credits a month that the first button gives."""

_LOOKS = {
    GuildAction.GIVE: (mark_on("button", "Give {credits} a month"), discord.ButtonStyle.success),
    GuildAction.AMOUNT: (mark_on("button", "Another amount…"), discord.ButtonStyle.secondary),
    GuildAction.LEAVE: (mark_on("button", "Leave"), discord.ButtonStyle.danger),
}
_TEMPLATE = re.compile(rf"{PREFIX}:guild:(?P<action>{'|'.join(GuildAction)}):(?P<guild>[0-9]{{1,20}})")
_DIALOG = re.compile(rf"{PREFIX}:ceiling:(?P<guild>[0-9]{{1,20}})")


class GuildButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """One thing that an owner can do about a server."""

    def __init__(self, action: GuildAction, guild_id: int) -> None:
        words, style = _LOOKS[action]
        label = say_on("button", words, credits=GIVEN_CREDITS)
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"{PREFIX}:guild:{action}:{guild_id}"))
        self.action = action
        self.guild_id = guild_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(GuildAction(match["action"]), int(match["guild"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).guild_button, interaction, self.action, self.guild_id)


def new_guild_view(guild_id: int) -> discord.ui.View:
    """Return the buttons for a server that the owners have not decided about."""
    view = discord.ui.View(timeout=None)
    for action in GuildAction:
        view.add_item(GuildButton(action, guild_id))
    return view


def ceiling_dialog(guild_id: int) -> discord.ui.Modal:
    """Return the dialog that asks for a server's credits a month."""
    dialog = discord.ui.Modal(
        title=say_on("title", "Credits for this server"), custom_id=f"{PREFIX}:ceiling:{guild_id}", timeout=900
    )
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id=AMOUNT, placeholder="500", max_length=20)
    dialog.add_item(
        discord.ui.Label(
            text=say_on("label", "Credits a month"),
            description=say_on("command", "A number, or: unlimited"),
            component=field,
        )
    )
    return dialog


def ceiling_guild(custom_id: str) -> int | None:
    """Return the guild that a submitted dialog is about, or None for other dialogs."""
    match = _DIALOG.fullmatch(custom_id)
    return int(match["guild"]) if match else None
