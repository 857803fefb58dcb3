"""The command tree: one error handler for all commands, and each answered in its member's language."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import answer_error, answering_errors
from bot.discord_ui.interactions.reader import speak_to_member
from bot.discord_ui.language.speaking import mark, say

BEGAN = "began"
"""Where an interaction keeps the moment at which its command began, on the monotonic clock."""
OUTDATED = mark("This command has changed since your Discord loaded it. Please reload Discord (Ctrl+R) and try again.")


async def tell_outdated(interaction: discord.Interaction[Any]) -> None:
    """Ask a member to load the commands anew."""
    await answer(interaction, say(OUTDATED))


class ReelTree(app_commands.CommandTree[Any]):
    """discord.py's tree, with an error handler that answers every command."""

    def __init__(self, client: discord.Client, **options: Any) -> None:
        super().__init__(client, **options)
        self.unregistered: Callable[[discord.Interaction[Any]], Awaitable[None]] = tell_outdated
        """Answers a command that is not, or not with these options, in the tree. Whoever builds commands may set it."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Begin to speak the member's language. discord.py asks this before every command and every list."""
        interaction.extras[BEGAN] = time.monotonic()
        speak_to_member(interaction)
        return True

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Answer an error of a command."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        async with answering_errors(interaction):
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            elif isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
                await self.unregistered(interaction)
            else:
                await answer_error(interaction, cause)
