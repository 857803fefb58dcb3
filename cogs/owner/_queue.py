"""The part of `/owner` that is about the queue: hold it up everywhere, and decide about jobs that nobody else can."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.views.operations_cards import SWITCHED, queue_text, unresolved_text
from bot.domain.switches import WHOLE_BOT
from bot.services.operations import Operations, Resolution

VERDICTS = {
    "found at the provider: post its video": Resolution.FOUND,
    "charged, but the video is lost": Resolution.PAID,
    "never sent: send it again": Resolution.NOT_SENT,
}


class OwnerQueue(commands.Cog):
    """Commands that `cogs.owner._cog.Owner` has besides its own; its `interaction_check` guards them."""

    _operations: Operations
    _owners: frozenset[int]

    @app_commands.command(description="The whole bot's queue; or hold it up, or let it go on")
    @app_commands.describe(do="Only look if not set")
    @privately
    async def queue(
        self, interaction: discord.Interaction[Any], do: Literal["show", "pause", "drain", "resume"] = "show"
    ) -> None:
        """Show, pause, drain or resume the whole queue."""
        for switch, on in SWITCHED[do].items():
            await self._operations.switch(WHOLE_BOT, switch, on, interaction.user.id)
        await answer(interaction, queue_text(await self._operations.queue_state(WHOLE_BOT)))

    @app_commands.command(description="Jobs whose outcome at the provider is unclear")
    @privately
    async def unresolved(self, interaction: discord.Interaction[Any]) -> None:
        """List the unclear jobs, the oldest first."""
        await answer(interaction, unresolved_text(await self._operations.unresolved()))

    @app_commands.command(description="Say what became of an unclear job, after a look at the provider's own pages")
    @app_commands.describe(
        job="The job's id", verdict="What you found", provider_job="The provider's id of it, if you found it there"
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
        remote_id = provider_job.strip() if provider_job else None
        await self._operations.resolve(job.strip(), VERDICTS[verdict.value], interaction.user.id, remote_id)
        await answer(interaction, f"Job `{job.strip()}`: {verdict.name}.")

    @resolve.autocomplete("job")
    async def _jobs(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        if interaction.user.id not in self._owners:
            return []
        found = [case.job for case in await self._operations.unresolved() if current.casefold() in case.job.id]
        return [app_commands.Choice(name=f"{job.id} · {job.model_name}"[:100], value=job.id) for job in found[:25]]
