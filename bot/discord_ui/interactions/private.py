"""Commands whose answer only the member sees, and the guild in which a command was used."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import discord
from discord import app_commands

from bot.discord_ui.interactions.answers import acknowledge

C = TypeVar("C")
P = ParamSpec("P")


def privately(
    callback: Callable[Concatenate[C, discord.Interaction[Any], P], Awaitable[None]],
) -> Callable[Concatenate[C, discord.Interaction[Any], P], Coroutine[Any, Any, None]]:
    """Acknowledge an interaction privately before a cog's callback runs.

    The callback may then take longer than Discord's three seconds. It answers with `answer` or by editing the original
    response. It does not run for an interaction that came too late: nobody would see its answer.
    """

    @wraps(callback)
    async def acknowledged(cog: C, interaction: discord.Interaction[Any], /, *args: P.args, **kwargs: P.kwargs) -> None:
        if await acknowledge(interaction):
            await callback(cog, interaction, *args, **kwargs)

    return acknowledged


def guild_of(interaction: discord.Interaction[Any]) -> discord.Guild:
    """Return the guild of an interaction. Raises NoPrivateMessage outside of one."""
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild


def guild_id_of(interaction: discord.Interaction[Any]) -> int:
    """Return the id of an interaction's guild. Raises NoPrivateMessage outside of one."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id
