"""The message menu "Continue video", and the controls and the dialog of its preview."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.clip_choice import with_video_of
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.continue_preview import NOT_A_VIDEO


class ContinueVideo(commands.Cog):
    """Begins a continuation at any message with a video of the bot's, also an old one or a copy."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._menu = app_commands.guild_only(
            app_commands.ContextMenu(name=mark_on("menu", "Continue video"), callback=self._continue)
        )
        bot.handlers.next_chosen = bot.continuing.choose_model
        bot.handlers.next_clip_chosen = bot.continuing.choose_clip
        bot.handlers.next_asked = bot.continuing.ask
        bot.handlers.next_entered = bot.continuing.request

    async def cog_load(self) -> None:
        """Add the menu to the tree. discord.py does not let a class declare it."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu out of the tree."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def _continue(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if not await with_video_of(interaction, message, self._bot.services, self._open):
            raise Declined(say(NOT_A_VIDEO))

    async def _open(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        await self._bot.continuing.open(interaction, NextClip(job_id, 0))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(ContinueVideo(bot))
