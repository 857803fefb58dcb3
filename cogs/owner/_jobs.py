"""The part of `/owner` that looks at single jobs."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.views.job_story import story_view
from bot.domain.jobs import read_job_id
from bot.domain.refusals import Impossible, NotPossible
from bot.services.jobs import JobsService


class OwnerJobs(commands.Cog):
    """Commands that `cogs.owner._cog.Owner` has besides its own; its `interaction_check` guards them."""

    _jobs_service: JobsService

    @app_commands.command(description="What happened to a job, and when, with the provider's own ids")
    @app_commands.describe(id="The job's id")
    @privately
    async def job(self, interaction: discord.Interaction[Any], id: str) -> None:  # noqa: A002 - the option's name
        """Show a job's story with the engine's details."""
        story = await self._jobs_service.story(read_job_id(id))
        if story is None:
            raise NotPossible(Impossible.NO_SUCH_JOB)
        await show(interaction, story_view(story, for_owner=True))
