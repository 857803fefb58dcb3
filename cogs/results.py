"""The buttons of status cards and closing messages, and the "Edit prompt" dialog."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import acknowledge, answer, show
from bot.discord_ui.interactions.attachments import expired_files
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.interactions.once import Once
from bot.discord_ui.interactions.permissions import may_act, may_moderate, require_leave
from bot.discord_ui.interactions.reporting import ask_why
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.discord_ui.views.job_story import story_view
from bot.discord_ui.views.message_limits import TEXT_INPUT_MAX, length
from bot.discord_ui.views.prompt_dialog import edit_dialog
from bot.domain.guild_settings import ReuseRight
from bot.domain.jobs import ENDED, Job
from bot.domain.request import GenerationRequest
from bot.services.jobs import JobView, Resend

GONE = "I do not know this job any more."
NOT_YOURS = "Only the member who asked for this video, or a moderator, can do that."
MODERATORS_ONLY = "Only moderators can do that here. You can ask for a video by a command."

_BEGINNING = frozenset({JobAction.AGAIN, JobAction.EDIT, JobAction.RESEND})
"""What a blocked member may not do."""

_RESEND_WORDS = {
    Resend.OWED: "I will post it again in its channel.",
    Resend.ON_ITS_WAY: "It is on its way.",
    Resend.STANDS: "It is still where I posted it: `/jobs` has the link.",
    Resend.REMOVED: "A moderator deleted this video. It cannot be posted again.",
    Resend.TOO_SOON: "I posted it a moment ago. Please try again in ten minutes.",
}


class Results(commands.Cog):
    """Carries out what the buttons ask for, whichever process posted them."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        self._request_flow = bot.request_flow
        self._once = Once()
        bot.handlers.job_button = self.press
        bot.handlers.prompt_edited = self.request_edited

    async def press(self, interaction: discord.Interaction[Any], action: JobAction, job_id: str) -> None:
        """Carry out an action on a job."""
        view = await self._services.jobs.get(job_id)
        if view is None:
            raise Declined(GONE)
        job = view.job
        if action in _BEGINNING:
            await require_standing(interaction, self._services)
        match action:
            case JobAction.AGAIN:
                await self._again(interaction, view)
            case JobAction.EDIT:
                await self._edit(interaction, view)
            case JobAction.REPORT:
                await ask_why(interaction, self._services, job_id)
            case _ if not may_act(interaction, job):
                raise Declined(NOT_YOURS)
            case JobAction.CANCEL:
                await self._cancel(interaction, job)
            case JobAction.RESEND:
                await self._resend(interaction, job)
            case JobAction.DELETE:
                await self._delete(interaction, job)
            case JobAction.DETAILS:
                await self._tell_story(interaction, job)

    async def request_edited(self, interaction: discord.Interaction[Any], job_id: str, prompt: str) -> None:
        """Request a job's video again with the prompt from an "Edit prompt" dialog."""
        view = await self._services.jobs.get(job_id)
        if view is None:
            raise Declined(GONE)
        await self._require_reuse(interaction, view.job)
        request = view.request
        await self._begin(interaction, replace(request, values={**request.values, "prompt": prompt}))

    async def _again(self, interaction: discord.Interaction[Any], view: JobView) -> None:
        await self._require_reuse(interaction, view.job)
        if not self._once.first((view.job.id, interaction.user.id), self._services.clock()):
            raise Declined("I have your first click already.")
        await self._begin(interaction, view.request, shown_credits=view.job.charged or view.job.held)

    async def _require_reuse(self, interaction: discord.Interaction[Any], job: Job) -> None:
        """Require that a member may repeat a job's request, by the setting of its server. Raises Declined."""
        if not _here(interaction, job):
            raise Declined(GONE)
        right = (await self._services.guild_settings.of(job.guild_id)).again_and_edit
        if right is ReuseRight.REQUESTER and not may_act(interaction, job):
            raise Declined(NOT_YOURS)
        if right is ReuseRight.MODERATORS and not may_moderate(interaction, job.channel_id):
            raise Declined(MODERATORS_ONLY)

    async def _begin(
        self, interaction: discord.Interaction[Any], request: GenerationRequest, *, shown_credits: int | None = None
    ) -> None:
        if expired_files(request, self._services.clock()):
            raise Declined("Discord no longer has the attached files. Please use the command with them again.")
        await self._request_flow.begin(interaction, request, shown_credits=shown_credits)

    async def _edit(self, interaction: discord.Interaction[Any], view: JobView) -> None:
        await self._require_reuse(interaction, view.job)
        request = view.request
        require_leave(interaction, attaches=request.has_files)
        if length(request.prompt) > TEXT_INPUT_MAX:
            raise Declined("This prompt is longer than a dialog can hold. Please use the command instead.")
        catalogue = self._services.catalogue.current
        model = catalogue.get(request.model_slug) if catalogue is not None else None
        prompt_max = model.prompt_max if model is not None else None
        if prompt_max is not None and prompt_max < length(request.prompt):
            prompt_max = None
        await interaction.response.send_modal(edit_dialog(view.job.id, request.prompt, prompt_max))

    async def _cancel(self, interaction: discord.Interaction[Any], job: Job) -> None:
        if not await acknowledge(interaction):
            return
        cancelled = await self._services.jobs.cancel(job.id, interaction.user.id)
        if cancelled:
            await answer(interaction, "Cancelled. Nothing was charged.")
        elif job.state in ENDED:
            await answer(interaction, f"It has ended already: {STATE_WORDS[job.state]}.")
        else:
            await answer(interaction, "It is too late to cancel: the provider has begun.")

    async def _resend(self, interaction: discord.Interaction[Any], job: Job) -> None:
        require_leave(interaction, attaches=True)
        if await acknowledge(interaction):
            await answer(interaction, _RESEND_WORDS[await self._services.jobs.resend(job.id)])

    async def _delete(self, interaction: discord.Interaction[Any], job: Job) -> None:
        if interaction.message is None or not await acknowledge(interaction):
            return
        # Noted first: if the deletion fails halfway, the message can still be deleted, but not posted again.
        await self._services.jobs.note_deleted(job.id, interaction.message.id, interaction.user.id)
        with suppress(discord.NotFound):  # deleted already: what was wanted
            await _delete_message(interaction.message, interaction.channel)
        own = interaction.user.id == job.member_id
        with suppress(discord.NotFound):  # the answer went with the post that was deleted
            await answer(
                interaction, "Deleted. `/jobs` can post it again." if own else "Deleted. It cannot be posted again."
            )

    async def _tell_story(self, interaction: discord.Interaction[Any], job: Job) -> None:
        if not await acknowledge(interaction):
            return
        story = await self._services.jobs.story(job.id)
        if story is None:
            raise Declined(GONE)
        await show(interaction, story_view(story))


async def _delete_message(message: discord.Message, channel: Any) -> None:
    """Delete a closing message; in a forum the whole post, where the bot may."""
    if isinstance(channel, discord.Thread) and channel.id == message.id:
        with suppress(discord.Forbidden):
            await channel.delete()
            return
    await message.delete()


def _here(interaction: discord.Interaction[Any], job: Job) -> bool:
    """Tell whether the interaction came from the job's server, or from a direct message with its member."""
    if interaction.guild_id is None:
        return interaction.user.id == job.member_id
    return interaction.guild_id == job.guild_id


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Results(bot))
