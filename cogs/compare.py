"""`/compare`: several models make the same video, members vote, and only then read which model made which clip."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.options import TEXT_OPTION_MAX
from bot.discord_ui.interactions.access import require_access
from bot.discord_ui.interactions.answers import acknowledge, answer, show, tell_beside
from bot.discord_ui.interactions.clip_choice import choose_clip
from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.interactions.comparison_flow import ComparisonFlow
from bot.discord_ui.interactions.deletion import delete_message
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.invocation import attachment_of
from bot.discord_ui.interactions.permissions import may_act
from bot.discord_ui.interactions.reporting import ask_why
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.interactions.suggesting import suggest_styles
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.comparison_details import clips_view, details_view
from bot.discord_ui.views.comparison_words import NOT_YOURS, UNKNOWN, cancelled, voted
from bot.discord_ui.views.job_answers import DELETED_BY_MEMBER, DELETED_BY_MODERATOR
from bot.domain.model_choice import Wish
from bot.services.comparisons import ComparisonView

Choices = list[app_commands.Choice[str]]


class Compare(commands.Cog):
    """Takes comparisons, and carries out what the buttons on their cards and messages ask for."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        self._flow = ComparisonFlow(bot.services, bot.request_flow)
        bot.handlers.comparison_button = self.press
        bot.handlers.vote_cast = self.vote

    @app_commands.command(description=mark_on("command", "Have several models make the same video, and vote blind"))
    @app_commands.describe(
        prompt=mark_on("command", "What the videos show"),
        model_1=mark_on("command", "The first model"),
        model_2=mark_on("command", "The second model"),
        model_3=mark_on("command", "A third model, if you like"),
        model_4=mark_on("command", "A fourth model, if you like"),
        aspect_ratio=mark_on("command", "Width to height, as far as all of them can"),
        duration=mark_on("command", "Length in seconds, as far as all of them can"),
        quality=mark_on("command", "Quality of the videos, as far as all of them can"),
        image=mark_on("command", "An image that the videos start from"),
        style=mark_on("command", "One of this server's styles"),
    )
    @app_commands.guild_only()
    async def compare(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, TEXT_OPTION_MAX],
        model_1: str,
        model_2: str,
        model_3: str | None = None,
        model_4: str | None = None,
        aspect_ratio: str | None = None,
        duration: int | None = None,
        quality: str | None = None,
        image: discord.Attachment | None = None,
        style: str | None = None,
    ) -> None:
        """Ask for a comparison."""
        file = None if image is None else attachment_of(image)
        typed = [model for model in (model_1, model_2, model_3, model_4) if model is not None]
        await self._flow.begin(interaction, Wish(prompt, file, aspect_ratio, duration, quality), typed, style)

    @compare.autocomplete("model_1")
    async def first_models(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List models."""
        return await self._flow.models(interaction, typed, "model_1")

    @compare.autocomplete("model_2")
    async def second_models(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List models."""
        return await self._flow.models(interaction, typed, "model_2")

    @compare.autocomplete("model_3")
    async def third_models(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List models."""
        return await self._flow.models(interaction, typed, "model_3")

    @compare.autocomplete("model_4")
    async def fourth_models(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List models."""
        return await self._flow.models(interaction, typed, "model_4")

    @compare.autocomplete("aspect_ratio")
    async def aspect_ratios(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List the aspect ratios of all chosen models."""
        return await self._flow.aspect_ratios(interaction, typed)

    @compare.autocomplete("duration")
    async def durations(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[Any]]:
        """List the lengths of all chosen models. Discord sends what is being typed as text, also for a number."""
        return await self._flow.durations(interaction, str(typed))

    @compare.autocomplete("quality")
    async def qualities(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List the qualities of all chosen models."""
        return await self._flow.qualities(interaction, typed)

    @compare.autocomplete("style")
    async def styles(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """List the server's styles."""
        return await suggest_styles(interaction, typed)

    async def press(self, interaction: discord.Interaction[Any], action: ComparisonAction, comparison_id: str) -> None:
        """Carry out an action on a comparison."""
        view = await self._services.comparisons.get(comparison_id)
        if view is None:
            raise Declined(say(UNKNOWN))
        _require_here(interaction, view)
        match action:
            case ComparisonAction.USE:
                await self._show_clips(interaction, view)
            case ComparisonAction.REPORT:
                await choose_clip(interaction, view, self._report)
            case _ if not may_act(interaction, view.comparison):
                raise Declined(say(NOT_YOURS))
            case ComparisonAction.CANCEL:
                await self._cancel(interaction, view)
            case ComparisonAction.DETAILS:
                await self._show_details(interaction, view)
            case ComparisonAction.DELETE:
                await self._delete(interaction, view)

    async def vote(self, interaction: discord.Interaction[Any], comparison_id: str, place: int) -> None:
        """Take a vote, and tell the voter which model made which clip."""
        if not await acknowledge(interaction):
            return
        view = await self._services.comparisons.get(comparison_id)
        if view is None:
            raise Declined(say(UNKNOWN))
        _require_here(interaction, view)
        await require_standing(interaction, self._services)
        await require_access(interaction, self._services)
        vote = await self._services.comparisons.vote(comparison_id, interaction.user.id, place)
        await answer(interaction, voted(vote))

    async def _report(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        await ask_why(interaction, self._services, job_id)

    async def _show_clips(self, interaction: discord.Interaction[Any], view: ComparisonView) -> None:
        """Show, privately, what can be made of each clip."""
        if not await acknowledge(interaction):
            return
        voted_before = await self._services.comparisons.has_voted(view.comparison.id, interaction.user.id)
        await show(interaction, clips_view(view, named=view.names_shown(voted_before)))

    async def _show_details(self, interaction: discord.Interaction[Any], view: ComparisonView) -> None:
        if not await acknowledge(interaction):
            return
        found = [await self._services.jobs.get(job_id) for job_id in view.jobs]
        await show(interaction, details_view([job for job in found if job is not None]))

    async def _cancel(self, interaction: discord.Interaction[Any], view: ComparisonView) -> None:
        """Cancel what was not sent yet. The card then changes by itself."""
        await interaction.response.defer()
        done = await self._services.comparisons.cancel(view.comparison.id, interaction.user.id)
        under_way = sum(job.ended_at is None for job in view.jobs.values())
        await tell_beside(interaction, cancelled(len(done), under_way))

    async def _delete(self, interaction: discord.Interaction[Any], view: ComparisonView) -> None:
        if interaction.message is None or not await acknowledge(interaction):
            return
        # Noted first: if the deletion fails halfway, a worker makes it, and no clip can be posted again.
        await self._services.comparisons.end(view.comparison.id)
        for job_id in view.told:
            await self._services.jobs.note_deleted(job_id, interaction.message.id, interaction.user.id)
        await delete_message(interaction.message, interaction.channel)
        for job_id in view.told:
            await self._services.jobs.note_removed(job_id, interaction.message.id)
        own = interaction.user.id == view.comparison.member_id
        try:
            await answer(interaction, say(DELETED_BY_MEMBER if own else DELETED_BY_MODERATOR))
        except discord.NotFound:
            return  # the answer went with the post that was deleted


def _require_here(interaction: discord.Interaction[Any], view: ComparisonView) -> None:
    """Require that the press came from the comparison's server, or from the member's own direct messages."""
    comparison = view.comparison
    own = interaction.guild_id is None and interaction.user.id == comparison.member_id
    if not own and interaction.guild_id != comparison.guild_id:
        raise Declined(say(UNKNOWN))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Compare(bot))
