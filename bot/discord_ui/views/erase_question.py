"""The question before a member's data is erased, and the words around it."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord_ui.interactions.reader import speak_to_member
from bot.discord_ui.language.speaking import say, say_on
from bot.discord_ui.views.confirm import ConfirmView

Confirmed = Callable[[discord.Interaction[Any], bool], Awaitable[None]]
"""Takes the press, and whether the posted videos are to be deleted as well."""


def erase_question(*, everywhere: bool) -> str:
    """Return the question."""
    lines = [
        say("**Erase what I keep about you in every server?** It cannot be undone.")
        if everywhere
        else say("**Erase what I keep about you in this server?** It cannot be undone."),
        say("- Prompts, options, links, saved pictures, your last choices and the reasons in your history go.")
        if everywhere
        else say("- Prompts, options, links, pictures that you shared here and the reasons in your history go."),
        say(
            "- What your videos cost stays in the server's books, under a random number. "
            "Nobody can tell that it was you."
        ),
        say("- Requests that wait are cancelled at no cost. What is being made now ends first."),
        say(
            "- Credits that were granted to you are lost. Limits and blocks that moderators set for you stay, and so "
            "does what you have spent today, this week and this month where a limit counts it."
        ),
        say("- A video that was reported is erased once moderators have decided, after 30 days at the latest."),
        say("What about the videos that I posted for you?"),
    ]
    return "\n".join(lines)


def erase_question_about_member(member_id: int) -> str:
    """Return the question to an owner who wants to erase a member's data everywhere."""
    lines = [
        say("**Erase what I keep about {member} in every server?** It cannot be undone.", member=f"<@{member_id}>"),
        say(
            "Amounts stay, under a random number. Limits and blocks stay. Requests that wait are cancelled, what is "
            "being made now ends first."
        ),
        say("What about the videos that I posted for them?"),
    ]
    return "\n".join(lines)


def erase_question_about_server(name: str, guild_id: int) -> str:
    """Return the question to an owner who wants to erase a server's data. `name` is escaped."""
    return say(
        "**Erase what I keep about the server {name} (`{id}`) and everybody in it?** It cannot be undone. "
        "Settings, word lists, limits and blocks go. Amounts stay, under random numbers, and so does your ceiling.",
        name=name,
        id=str(guild_id),
    )


def erasure_of_server_begun() -> str:
    """Return what is said once it was decided."""
    return say("It has begun. A video that is being made now is erased when it has ended.")


def erasure_begun() -> str:
    """Return what is said once it was decided."""
    return say(
        "It has begun. It takes a few minutes; a video that is being made now is erased when it has ended. "
        "`/privacy show` tells whether something is left to do."
    )


class EraseView(ConfirmView):
    """The answers: erase and delete the posted videos, erase and leave them, or do not erase."""

    def __init__(self, confirmed: Confirmed) -> None:
        async def with_messages(interaction: discord.Interaction[Any]) -> None:
            await confirmed(interaction, True)

        super().__init__(
            with_messages,
            yes=say_on("button", "Erase, and delete the videos"),
            declined=say("All right, nothing was erased."),
        )
        self.yes.style = discord.ButtonStyle.danger
        self._erase = confirmed
        leaving: discord.ui.Button[Any] = discord.ui.Button(
            label=say_on("button", "Erase, but leave the videos"), style=discord.ButtonStyle.danger
        )
        leaving.callback = self._leave_messages  # type: ignore[method-assign]  # the documented way
        self.add_item(leaving)

    async def _leave_messages(self, interaction: discord.Interaction[Any]) -> None:
        self.stop()
        speak_to_member(interaction)
        await interaction.response.defer()
        await self._erase(interaction, False)
