"""Whether a server's settings let a member ask for videos: menus and dialogs that only begin a request ask before."""

from typing import Any

import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.permissions import role_ids_of
from bot.discord_ui.interactions.places import around, known_ids
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.access_words import access_words
from bot.discord_ui.views.request_words import NOTHING_CHARGED
from bot.domain.access import access_refusals
from bot.domain.guild_settings import GuildSettings
from bot.services.services import Services


async def require_access(
    interaction: discord.Interaction[Any], services: Services, model_slug: str | None = None
) -> GuildSettings:
    """Let those pass who may ask here, with this model if one is named, and return the server's settings.

    Raises Declined for everybody else.
    """
    if interaction.guild_id is None:
        return GuildSettings()
    settings = await services.guild_settings.of(interaction.guild_id)
    channel_ids = {interaction.channel_id or 0, *around(interaction)}
    by_button = interaction.message is not None
    refusals = access_refusals(settings, model_slug, channel_ids, role_ids_of(interaction.user), by_button=by_button)
    if refusals:
        catalogue = services.catalogue.current
        model = catalogue.get(model_slug) if catalogue is not None and model_slug is not None else None
        raise Declined(f"{access_words(refusals, model, known_ids(interaction))}\n{say(NOTHING_CHARGED)}")
    return settings
