"""`/video`: the front door. A member describes a video, and chooses a model or leaves that to the bot."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.options import TEXT_OPTION_MAX
from bot.discord_ui.interactions.extras import Extras
from bot.discord_ui.interactions.invocation import attachment_of
from bot.discord_ui.interactions.suggesting import suggest_cast, suggest_styles
from bot.discord_ui.interactions.video_flow import VideoFlow
from bot.discord_ui.language.speaking import mark_on
from bot.domain.model_choice import Wish


class Video(commands.Cog):
    """One command for all models that need no more than a prompt and an image."""

    def __init__(self, bot: ReelBot) -> None:
        self._flow = VideoFlow(bot.services, bot.request_flow)

    @app_commands.command(description=mark_on("command", "Make a video: describe it, and pick a model if you like"))
    @app_commands.describe(
        prompt=mark_on("command", "What the video shows"),
        model=mark_on("command", "Which model makes it; without one: this server's, or your last one"),
        aspect_ratio=mark_on("command", "Width to height, as far as the model can"),
        duration=mark_on("command", "Length in seconds, as far as the model can"),
        quality=mark_on("command", "Quality of the video, as far as the model can"),
        image=mark_on("command", "An image that the video starts from"),
        style=mark_on("command", "One of this server's styles"),
        cast=mark_on("command", "Pictures that you or this server saved with /cast add"),
    )
    @app_commands.guild_only()
    async def video(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, TEXT_OPTION_MAX],
        model: str | None = None,
        aspect_ratio: str | None = None,
        duration: int | None = None,
        quality: str | None = None,
        image: discord.Attachment | None = None,
        style: str | None = None,
        cast: str | None = None,
    ) -> None:
        """Request the video."""
        file = None if image is None else attachment_of(image)
        wish = Wish(prompt, file, aspect_ratio, duration, quality)
        await self._flow.begin(interaction, wish, model, Extras(style, cast))

    @video.autocomplete("model")
    async def models(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List models."""
        return await self._flow.models(interaction, typed)

    @video.autocomplete("aspect_ratio")
    async def aspect_ratios(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List the model's aspect ratios."""
        return await self._flow.aspect_ratios(interaction, typed)

    @video.autocomplete("duration")
    async def durations(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[Any]]:
        """List the model's lengths. Discord sends what is being typed as text, also for a number."""
        return await self._flow.durations(interaction, str(typed))

    @video.autocomplete("quality")
    async def qualities(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List the model's qualities."""
        return await self._flow.qualities(interaction, typed)

    @video.autocomplete("style")
    async def styles(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List the server's styles."""
        return await suggest_styles(interaction, typed)

    @video.autocomplete("cast")
    async def pictures(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List saved pictures."""
        return await suggest_cast(interaction, typed)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Video(bot))
