"""The command tree: what a member reads when a command cannot be carried out."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.interactions.answers import UNKNOWN_INTERACTION, answer, apologise

log = logging.getLogger(__name__)

OUTDATED = "This command has changed since your Discord loaded it. Please reload Discord (Ctrl+R) and try again."

_RENAMED = {
    "manage_guild": "Manage Server",
    "read_messages": "View Channel",
    "send_messages_in_threads": "Send Messages in Threads",
}

Stale = Callable[[discord.Interaction[Any]], Awaitable[bool]]
"""Answers a command that is not, or not so, in the tree any more; False where it is none of its own."""


class ReelTree(app_commands.CommandTree[Any]):
    """discord.py's tree, with one error handler for all commands. `stale` is set by whoever builds commands."""

    stale: Stale | None = None

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Say why in plain words; what nobody foresaw gets a reference code."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION:
            log.warning("interaction %s was answered too late", interaction.id)
            return
        try:
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            elif isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
                if self.stale is None or not await self.stale(interaction):
                    await answer(interaction, OUTDATED)
            elif (words := explain(cause)) is not None:
                await answer(interaction, words)
            else:
                await apologise(interaction, cause)
        except Exception as second:  # noqa: BLE001 - an error while answering an error must not escape either
            await apologise(interaction, second)


def explain(error: BaseException) -> str | None:
    """An expected refusal in plain words; None for what nobody foresaw."""
    match error:
        case app_commands.MissingPermissions():
            return f"You need {permission_names(error.missing_permissions)} in this server to do that."
        case app_commands.BotMissingPermissions():
            return f"I need {permission_names(error.missing_permissions)} here to do that."
        case app_commands.NoPrivateMessage():
            return "This works in servers only."
        case app_commands.CommandOnCooldown():
            return f"Please wait {max(1, round(error.retry_after))} s before you do that again."
        case app_commands.TransformerError():
            return f"I cannot read `{str(error.value)[:100]}` as that option's value."
        case app_commands.CheckFailure():
            return "You may not use this command here."
        case _:
            return None


def permission_names(permissions: list[str]) -> str:
    """Permissions as Discord's settings call them: "the permission **Attach Files**"."""
    names = [f"**{_RENAMED.get(name, name.replace('_', ' ').title())}**" for name in permissions]
    if len(names) < 2:
        return f"the permission {''.join(names)}"
    return f"the permissions {', '.join(names[:-1])} and {names[-1]}"
