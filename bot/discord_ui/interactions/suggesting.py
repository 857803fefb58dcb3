"""Lists that are shown while a member types, whatever the database does meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

import discord
from discord.app_commands import Choice

from bot.discord_ui.views.cast_words import cast_label
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, length
from bot.discord_ui.views.style_words import style_label
from bot.domain.cast import CastPicture, name_key, read_named, usable
from bot.domain.casting import picture_kinds
from bot.domain.styles import Style, style_key
from bot.services.commands import CommandName
from bot.services.services import Services

log = logging.getLogger(__name__)

T = TypeVar("T")

READ_SECONDS = 1.0
"""Seconds for which a list waits for the database. Discord gives three."""
TYPED_MAX = 100
"""Characters of what is typed that a list is searched by; no choice is longer."""


async def soon(reading: Awaitable[T], otherwise: T) -> T:
    """Return what is read; `otherwise` where that takes too long or fails: a list without it is better than none."""
    try:
        return await asyncio.wait_for(reading, READ_SECONDS)
    except Exception:
        log.warning("choices were listed without the database", exc_info=True, extra={"action": "autocomplete"})
        return otherwise


async def suggest_cast(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """List saved pictures for the last of the names that were typed; each also for every kind of image option."""
    before, comma, last = typed.rpartition(",")
    option, _, name = last.rpartition("=")
    given = {name_key(named.name) for named in read_named(before)}
    found = [one for one in await _pictures(interaction, name) if name_key(one.name) not in given]
    beginning = f"{before.strip()}, " if comma else ""
    kinds = _kinds_of(interaction)
    choices = [
        Choice(name=cast_label(beginning, one, kind), value=beginning + (f"{kind}={one.name}" if kind else one.name))
        for kind in ("", *(kinds if len(kinds) > 1 else ()))
        for one in found
        if option.strip().casefold() in ("", kind)
    ]
    return [choice for choice in choices if length(choice.value) <= CHOICE_MAX][:CHOICES_MAX]


async def suggest_pictures(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """List the saved pictures that the member can use, by name."""
    found = await _pictures(interaction, typed)
    return [Choice(name=cast_label("", one, ""), value=one.name) for one in found][:CHOICES_MAX]


async def _pictures(interaction: discord.Interaction[Any], typed: str) -> list[CastPicture]:
    """Return the pictures that the member can use, and whose name contains what was typed."""
    services: Services = interaction.client.services
    none: tuple[CastPicture, ...] = ()
    if interaction.guild_id is None:
        return []
    pictures = usable(await soon(services.cast.for_member(interaction.guild_id, interaction.user.id), none))
    wanted = name_key(typed[:TYPED_MAX])
    return [one for one in pictures if wanted in name_key(one.name)]


def _kinds_of(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
    """Return the kinds of image options of the command's model; nothing where it has no model of its own."""
    services: Services = interaction.client.services
    command, _, subcommand = (interaction.command.qualified_name if interaction.command else "").partition(" ")
    catalogue, slug = services.catalogue.current, services.commands.slug_of(CommandName(command, subcommand))
    model = catalogue.get(slug) if catalogue is not None and slug is not None else None
    return () if model is None else picture_kinds(model)


async def suggest_styles(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """List the server's styles: those whose name begins with what was typed, then those that contain it."""
    services: Services = interaction.client.services
    none: tuple[Style, ...] = ()
    styles = none if interaction.guild_id is None else await soon(services.styles.of_guild(interaction.guild_id), none)
    wanted = style_key(typed[:TYPED_MAX])
    found = [style for style in styles if wanted in style_key(style.name)]
    found.sort(key=lambda style: not style_key(style.name).startswith(wanted))
    return [Choice(name=style_label(style), value=style.name) for style in found]
