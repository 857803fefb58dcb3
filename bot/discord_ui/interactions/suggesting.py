"""Lists that are shown while a member types, whatever the database does meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

import discord
from discord.app_commands import Choice

from bot.discord_ui.views.style_words import style_label
from bot.domain.styles import Style, style_key
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


async def suggest_styles(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """List the server's styles: those whose name begins with what was typed, then those that contain it."""
    services: Services = interaction.client.services
    none: tuple[Style, ...] = ()
    styles = none if interaction.guild_id is None else await soon(services.styles.of_guild(interaction.guild_id), none)
    wanted = style_key(typed[:TYPED_MAX])
    found = [style for style in styles if wanted in style_key(style.name)]
    found.sort(key=lambda style: not style_key(style.name).startswith(wanted))
    return [Choice(name=style_label(style), value=style.name) for style in found]
