"""The part of `/owner` about single jobs: their story, and decisions about those whose outcome is unclear."""

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import acknowledge, answer, show
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark_on, say, say_on
from bot.discord_ui.views.case_cards import cases_view
from bot.discord_ui.views.job_story import story_view
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut
from bot.domain.jobs import read_job_id
from bot.domain.refusals import Impossible, NotPossible
from bot.services.operations import Resolution
from cogs.owner._base import OwnerPart

VERDICTS = {
    mark_on("choice", "found at the provider: post its video"): Resolution.FOUND,
    mark_on("choice", "charged, but the video is lost"): Resolution.PAID,
    mark_on("choice", "never sent: send it again"): Resolution.NOT_SENT,
}
_WORDS = {resolution: words for words, resolution in VERDICTS.items()}


class OwnerJobs(OwnerPart):
    """Commands about single jobs, and the buttons of unclear ones."""

    def __init__(self, bot: ReelBot) -> None:
        super().__init__(bot)
        bot.handlers.case_button = self.decide_case

    @app_commands.command(
        description=mark_on("command", "What happened to a job, and when, with the provider's own ids")
    )
    @app_commands.describe(id=mark_on("command", "The job's id"))
    @privately
    async def job(self, interaction: discord.Interaction[Any], id: str) -> None:  # noqa: A002 - the option's name
        """Show a job's story with the engine's details."""
        story = await self._jobs_service.story(read_job_id(id))
        if story is None:
            raise NotPossible(Impossible.NO_SUCH_JOB)
        await show(interaction, story_view(story, for_owner=True))

    @app_commands.command(
        description=mark_on("command", "Jobs whose outcome at the provider is unclear, to decide about them")
    )
    @privately
    async def unresolved(self, interaction: discord.Interaction[Any]) -> None:
        """Show the unclear jobs, the oldest first."""
        await show(interaction, cases_view(await self._operations.unresolved(), self._catalogue.name_of))

    @app_commands.command(
        description=mark_on("command", "Say what became of an unclear job, after a look at the provider's own pages")
    )
    @app_commands.describe(
        job=mark_on("command", "The job's id"),
        verdict=mark_on("command", "What you found"),
        provider_job=mark_on("command", "The provider's id of it, if you found it there; several with blanks between"),
    )
    @app_commands.choices(verdict=[app_commands.Choice(name=name, value=name) for name in VERDICTS])
    @privately
    async def resolve(
        self,
        interaction: discord.Interaction[Any],
        job: str,
        verdict: app_commands.Choice[str],
        provider_job: str | None = None,
    ) -> None:
        """Carry out an owner's verdict: capture, release or keep the hold."""
        remote_ids = re.findall(r"[^\s,;]+", provider_job or "")
        await self._decide(interaction, read_job_id(job), VERDICTS[verdict.value], remote_ids)

    @resolve.autocomplete("job")
    async def _jobs(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        if interaction.user.id not in self._owners:
            return []
        found = [case.job for case in await self._operations.unresolved() if current.casefold() in case.job.id]
        return [
            app_commands.Choice(name=cut(f"{job.id} · {job.model_name}", CHOICE_MAX), value=job.id)
            for job in found[:CHOICES_MAX]
        ]

    async def decide_case(
        self, interaction: discord.Interaction[Any], job_id: str, resolution: Resolution, remote_id: str | None
    ) -> None:
        """Carry out what an owner chose about an unclear job."""
        self._require_owner(interaction)
        if await acknowledge(interaction):
            await self._decide(interaction, job_id, resolution, [] if remote_id is None else [remote_id])

    async def _decide(
        self, interaction: discord.Interaction[Any], job_id: str, resolution: Resolution, remote_ids: Sequence[str]
    ) -> None:
        await self._operations.resolve(job_id, resolution, interaction.user.id, *remote_ids)
        await answer(
            interaction, say("Job `{job}`: {verdict}.", job=job_id, verdict=say_on("choice", _WORDS[resolution]))
        )
