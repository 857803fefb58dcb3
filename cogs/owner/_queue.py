"""The part of `/owner` about the whole queue: look at it, hold it up everywhere, let it go on."""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark, mark_on, say, say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.operations_cards import SWITCHED, queue_text
from bot.domain.switches import WHOLE_BOT
from cogs.owner._base import OwnerPart

Word = Literal["show", "pause", "drain", "resume"]
_QUESTIONS = {
    "pause": mark("Pause the queue of every server? Nothing is sent to the provider then; new requests wait."),
    "drain": mark("Refuse new requests in every server? What waits is still made."),
}
_YES = {"pause": mark_on("button", "Pause everywhere"), "drain": mark_on("button", "Drain everywhere")}


class OwnerQueue(OwnerPart):
    """The command about the whole queue."""

    @app_commands.command(
        description=mark_on("command", "Show the queue of all servers; pause or drain it, or resume it")
    )
    @app_commands.describe(do=mark_on("command", "What to do; show if not set"))
    @privately
    async def queue(self, interaction: discord.Interaction[Any], do: Word = "show") -> None:
        """Show or resume the whole queue; pause or drain it after a question."""

        async def switch(interaction: discord.Interaction[Any]) -> None:
            for name, on in SWITCHED[do].items():
                await self._operations.switch(WHOLE_BOT, name, on, interaction.user.id)
            await answer(interaction, queue_text(await self._operations.queue_state(WHOLE_BOT)))

        if do in _QUESTIONS:
            await answer(
                interaction,
                say(_QUESTIONS[do]),
                ConfirmView(switch, yes=say_on("button", _YES[do])),
            )
        else:
            await switch(interaction)
