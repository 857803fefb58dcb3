"""`/gallery`: what was made in a server, as far as the reader may see it."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.places import is_age_restricted, readable_places
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.posting.gallery_media import Look, look_at
from bot.discord_ui.posting.presence import Missing
from bot.discord_ui.views.gallery_page import gallery_view, out_note
from bot.domain.gallery import GalleryFilter
from bot.services.gallery import GalleryPage

LOOKS_MAX = 3
"""Times that a page is read again because messages on it were gone."""


class Gallery(commands.Cog):
    """Shows the gallery in pages, and lets members keep out of it."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._gallery = bot.services.gallery
        bot.handlers.gallery_page = self.turn
        bot.handlers.gallery_out = self.keep_out

    @app_commands.command(
        description=mark_on("command", "This server's videos and reels: the newest, or the most liked")
    )
    @app_commands.guild_only()
    @privately
    async def gallery(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await self._show(interaction, GalleryFilter())

    async def turn(self, interaction: discord.Interaction[Any], wanted: GalleryFilter) -> None:
        """Show a page in place, as it is now."""
        await interaction.response.defer()
        await self._show(interaction, wanted)

    async def keep_out(self, interaction: discord.Interaction[Any], out: bool, wanted: GalleryFilter) -> None:
        """Keep the presser's results out, or let them in again, and show the page as it is then."""
        await interaction.response.defer()
        await self._gallery.keep_out(guild_id_of(interaction), interaction.user.id, out=out)
        await self._show(interaction, wanted, out_note(out=out))

    async def _show(
        self, interaction: discord.Interaction[Any], wanted: GalleryFilter, done: str | None = None
    ) -> None:
        page, looks = await self._looked_up(interaction, wanted)
        addresses = {message_id: look.address for message_id, look in looks.items() if look.address is not None}
        await show(interaction, gallery_view(page, addresses, self._bot.services.catalogue.name_of, done))

    async def _looked_up(
        self, interaction: discord.Interaction[Any], wanted: GalleryFilter
    ) -> tuple[GalleryPage, dict[int, Look]]:
        """Return a page of what stands. What is gone is noted, and the page is read again."""
        here, places = is_age_restricted(interaction), readable_places(interaction)
        guild_id, reader_id = guild_id_of(interaction), interaction.user.id
        for _ in range(LOOKS_MAX):
            page = await self._gallery.page(guild_id, wanted, reader_id, places, age_restricted_here=here)
            looks = await look_at(self._bot, [item.entry for item in page.items])
            gone = {message_id: look.missing for message_id, look in looks.items() if look.missing is not None}
            if not gone:
                return page, looks
            for entry in (item.entry for item in page.items):
                if entry.message_id in gone:
                    channel_is_gone = gone[entry.message_id] is Missing.CHANNEL
                    await self._gallery.note_missing(entry, channel_is_gone=channel_is_gone)
        standing = tuple(item for item in page.items if item.entry.message_id not in gone)
        return replace(page, items=standing), looks


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Gallery(bot))
