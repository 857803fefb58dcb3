"""The one place where an error of a command, a button or a dialog becomes an answer to the member."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.interactions.answers import UNKNOWN_INTERACTION, answer, apologise
from bot.discord_ui.interactions.permissions import permission_names
from bot.discord_ui.language.speaking import all_of, say, say_many
from bot.discord_ui.views.reel_panel.words import problem_words
from bot.discord_ui.views.refusal_words import words_of
from bot.domain.reel_refusals import ReelRefused
from bot.domain.refusals import NotPossible

log = logging.getLogger(__name__)


class Declined(Exception):
    """What a member wants to do is declined, and nothing was done. The message tells the member why."""


@asynccontextmanager
async def answering_errors(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Answer every exception that is raised inside; none gets out."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the last resort before the member
        await answer_error(interaction, error)


async def answer_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Say in plain words why something cannot be done; an unforeseen error gets a reference code. Never raises."""
    if isinstance(error, discord.NotFound) and error.code == UNKNOWN_INTERACTION:
        log.warning("an interaction was answered too late", extra={"interaction": interaction.id})
        return
    words = explain(error)
    try:
        if words is None:
            await apologise(interaction, error)
        else:
            await answer(interaction, words)
    except Exception as second:  # noqa: BLE001 - an error while answering an error must not escape either
        await apologise(interaction, second)


def explain(error: BaseException) -> str | None:
    """Return an expected refusal in plain words, or None for an error that nobody foresaw."""
    match error:
        case NotPossible():
            return words_of(error)
        case ReelRefused():
            return problem_words(error)
        case Declined():
            return str(error)
        case app_commands.MissingPermissions():
            names = permission_names(error.missing_permissions)
            return say_many(
                "You need the permission {names} here to do that.",
                "You need the permissions {names} here to do that.",
                len(names),
                names=all_of(names),
            )
        case app_commands.BotMissingPermissions():
            names = permission_names(error.missing_permissions)
            return say_many(
                "I need the permission {names} here to do that.",
                "I need the permissions {names} here to do that.",
                len(names),
                names=all_of(names),
            )
        case app_commands.NoPrivateMessage():
            return say("This works in servers only.")
        case app_commands.CommandOnCooldown():
            return say("Please wait {seconds} s before you do that again.", seconds=max(1, round(error.retry_after)))
        case app_commands.TransformerError():
            return say("I cannot read {value} as that option's value.", value=f"`{str(error.value)[:100]}`")
        case app_commands.CheckFailure():
            return say("You may not use this command here.")
        case _:
            return None
