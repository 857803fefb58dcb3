"""`/jobs`: a member's own requests; moderators may look at anybody's."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.interactions.permissions import may_act, may_manage_guild, require_leave
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.posting.presence import Missing, missing_results
from bot.discord_ui.views.job_answers import CANCELLED, GONE, NOT_YOURS, RESEND_WORDS, too_late_words
from bot.discord_ui.views.jobs_page import jobs_view
from bot.services.job_views import JobsPage, JobsWanted


class Jobs(commands.Cog):
    """Shows jobs in pages, and carries out what is pressed in them. Other buttons of jobs are in `cogs.results`."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._jobs = bot.services.jobs
        bot.handlers.jobs_page = self.turn_page
        bot.handlers.listed_job = self.press

    @app_commands.command(
        description=mark_on("command", "Your latest videos and requests, to cancel them or post them again")
    )
    @app_commands.describe(
        member=mark_on("command", "Somebody else's; needs Manage Server"),
        everyone=mark_on("command", "The whole server's; needs Manage Server"),
        active=mark_on("command", "Only those that are still waiting or running"),
    )
    @app_commands.guild_only()
    @privately
    async def jobs(
        self,
        interaction: discord.Interaction[Any],
        member: discord.User | None = None,
        everyone: bool = False,
        active: bool = False,
    ) -> None:
        """List the newest jobs."""
        wanted = JobsWanted(None if everyone else (member or interaction.user).id, active)
        _require_right_to_read(interaction, wanted)
        await self._show(interaction, await self._looked_up(guild_id_of(interaction), wanted))

    async def turn_page(self, interaction: discord.Interaction[Any], wanted: JobsWanted) -> None:
        """Show a page of a list in place, as it is now."""
        _require_right_to_read(interaction, wanted)
        await interaction.response.defer()
        await self._show(interaction, await self._looked_up(guild_id_of(interaction), wanted))

    async def press(
        self, interaction: discord.Interaction[Any], action: JobAction, job_id: str, wanted: JobsWanted
    ) -> None:
        """Cancel a job or have its result posted again, and show the list as it is then."""
        _require_right_to_read(interaction, wanted)
        view = await self._jobs.get(job_id)
        if view is None or view.job.guild_id != guild_id_of(interaction):
            raise Declined(say(GONE))
        if not may_act(interaction, view.job):
            raise Declined(say(NOT_YOURS))
        if action is JobAction.RESEND:
            await require_standing(interaction, self._bot.services)
            require_leave(interaction, attaches=True)
        await interaction.response.defer()
        if action is JobAction.RESEND:
            limit = interaction.filesize_limit or None
            done = say(RESEND_WORDS[await self._jobs.resend(job_id, interaction.user.id, limit)])
        elif await self._jobs.cancel(job_id, interaction.user.id):
            done = say(CANCELLED)
        else:
            done = too_late_words((await self._jobs.get(job_id) or view).job)
        await self._show(interaction, await self._jobs.page(view.job.guild_id, wanted), done)

    async def _looked_up(self, guild_id: int, wanted: JobsWanted) -> JobsPage:
        """Return a page on which results are told as deleted that are not where they were posted any more."""
        page = await self._jobs.page(guild_id, wanted)
        missing = await missing_results(self._bot, page.views)
        if not missing:
            return page
        posted = {view.job.id: view.posting.message_id for view in page.views if view.posting is not None}
        await asyncio.gather(
            *(
                self._jobs.note_missing(job_id, posted[job_id] or 0, channel_is_gone=what is Missing.CHANNEL)
                for job_id, what in missing.items()
            )
        )
        return await self._jobs.page(guild_id, wanted)

    @staticmethod
    async def _show(interaction: discord.Interaction[Any], page: JobsPage, done: str | None = None) -> None:
        await show(interaction, jobs_view(page, interaction.user.id, done))


def _require_right_to_read(interaction: discord.Interaction[Any], wanted: JobsWanted) -> None:
    """Require Manage Server for others' jobs: who moderates one channel would read the prompts of all channels."""
    if wanted.member_id != interaction.user.id and not may_manage_guild(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Jobs(bot))
