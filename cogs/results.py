"""The buttons of status cards and closing messages, and the "Edit prompt" dialog."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.access import require_access
from bot.discord_ui.interactions.answers import acknowledge, answer, give_files, redraw, show, tell_beside
from bot.discord_ui.interactions.asking_place import asking_place
from bot.discord_ui.interactions.deletion import delete_message
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.fresh_files import with_fresh_files
from bot.discord_ui.interactions.handlers import handlers_of
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.interactions.once import Once
from bot.discord_ui.interactions.permissions import may_act, may_moderate
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.interactions.reporting import ask_why
from bot.discord_ui.interactions.reuse import require_reuse
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import say, speaking
from bot.discord_ui.views.job_answers import (
    CLICKED_ALREADY,
    DELETED_BY_MEMBER,
    DELETED_BY_MODERATOR,
    GONE,
    NOT_YOURS,
    too_late_words,
)
from bot.discord_ui.views.job_story import PROMPT_SHOWN, story_view
from bot.discord_ui.views.message_limits import TEXT_INPUT_MAX, length
from bot.discord_ui.views.prompt_dialog import edit_dialog
from bot.discord_ui.views.prompt_file import prompt_file, prompt_file_beside, too_long_words
from bot.discord_ui.views.status_card import status_view
from bot.domain.jobs import ENDED, Job
from bot.domain.request import GenerationRequest
from bot.engine.notifier import status_card
from bot.services.job_views import JobView

_BEGINNING = frozenset({JobAction.AGAIN, JobAction.EDIT})
"""What a blocked member may not do."""


class Results(commands.Cog):
    """Carries out what the buttons ask for, whichever process posted them."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        self._request_flow = bot.request_flow
        self._continuing = bot.continuing
        self._once = Once()
        bot.handlers.job_button = self.press
        bot.handlers.prompt_edited = self.request_edited

    async def press(self, interaction: discord.Interaction[Any], action: JobAction, job_id: str) -> None:
        """Carry out an action on a job."""
        view = await self._services.jobs.get(job_id)
        if view is None:
            if action is JobAction.DELETE:
                await _delete_forgotten(interaction)
                return
            raise Declined(say(GONE))
        job = view.job
        if action in _BEGINNING:
            await require_standing(interaction, self._services)
        match action:
            case JobAction.AGAIN:
                await self._again(interaction, view)
            case JobAction.EDIT:
                await self._edit(interaction, view)
            case JobAction.CONTINUE:
                await self._continuing.open(interaction, NextClip(job_id, 0))
            case JobAction.REPORT:
                await ask_why(interaction, self._services, job_id)
            case JobAction.ADD_TO_REEL:
                await handlers_of(interaction).add_to_reel(interaction, job_id)
            case _ if not may_act(interaction, job):
                raise Declined(say(NOT_YOURS))
            case JobAction.CANCEL:
                await self._cancel(interaction, job)
            case JobAction.DELETE:
                await self._delete(interaction, job)
            case JobAction.DETAILS:
                await self._tell_story(interaction, job)

    async def request_edited(self, interaction: discord.Interaction[Any], job_id: str, prompt: str) -> None:
        """Request a job's video again with the prompt from an "Edit prompt" dialog."""
        view = await self._services.jobs.get(job_id)
        if view is None:
            raise Declined(say(GONE))
        await require_reuse(interaction, self._services, view.job)
        request = view.request
        await self._begin(interaction, view, replace(request, values={**request.values, "prompt": prompt}))

    async def _again(self, interaction: discord.Interaction[Any], view: JobView) -> None:
        await require_reuse(interaction, self._services, view.job)
        if not self._once.first((view.job.id, interaction.user.id), self._services.clock()):
            raise Declined(say(CLICKED_ALREADY))
        await self._begin(interaction, view, view.request, shown_credits=view.job.charged or view.job.held)

    async def _begin(
        self,
        interaction: discord.Interaction[Any],
        view: JobView,
        request: GenerationRequest,
        *,
        shown_credits: int | None = None,
    ) -> None:
        if view.job.parent_id is not None:
            await self._continuing.repeat(interaction, view, request, shown_credits=shown_credits)
            return
        request = await with_fresh_files(interaction, request, self._services.clock())
        await self._request_flow.begin(
            interaction, request, shown_credits=shown_credits, home_channel_id=view.job.channel_id
        )

    async def _edit(self, interaction: discord.Interaction[Any], view: JobView) -> None:
        await require_reuse(interaction, self._services, view.job)
        request = view.request
        await require_access(interaction, self._services, request.model_slug)
        asking_place(interaction, attaches=request.has_members_files, home_channel_id=view.job.channel_id)
        if length(request.prompt) > TEXT_INPUT_MAX:
            await self._give_prompt(interaction, view)
            return
        catalogue = self._services.catalogue.current
        model = catalogue.get(request.model_slug) if catalogue is not None else None
        prompt_max = model.prompt_max if model is not None else None
        if prompt_max is not None and request.style is not None:
            prompt_max -= request.style.characters
        if prompt_max is not None and prompt_max < length(request.prompt):
            prompt_max = None
        await interaction.response.send_modal(edit_dialog(view.job.id, request.prompt, prompt_max))

    async def _give_prompt(self, interaction: discord.Interaction[Any], view: JobView) -> None:
        """Give a prompt that no dialog holds as a file, to be sent by a command."""
        prompt, name = view.request.prompt, self._services.commands.names.get(view.request.model_slug)
        words = too_long_words(prompt, "/video" if name is None else str(name))
        await give_files(interaction, words, [prompt_file(view.job.id, prompt)])

    async def _cancel(self, interaction: discord.Interaction[Any], job: Job) -> None:
        """Cancel a job from its card, which then changes by itself. Where it is too late, it loses its Cancel."""
        await interaction.response.defer()
        if await self._services.jobs.cancel(job.id, interaction.user.id):
            return
        view = await self._services.jobs.get(job.id)
        if view is None:
            raise Declined(say(GONE))
        await tell_beside(interaction, too_late_words(view.job))
        if view.job.state not in ENDED:
            with speaking(await public_language(interaction, self._services.guild_settings.of)):
                card = status_view(status_card(view.job, view.forecast, view.parent))
            await redraw(interaction, card)

    async def _delete(self, interaction: discord.Interaction[Any], job: Job) -> None:
        if interaction.message is None or not await acknowledge(interaction):
            return
        # Noted first: if the deletion fails halfway, a worker makes it, and the message cannot be posted again.
        await self._services.jobs.note_deleted(job.id, interaction.message.id, interaction.user.id)
        await delete_message(interaction.message, interaction.channel)
        await self._services.jobs.note_removed(job.id, interaction.message.id)
        own = interaction.user.id == job.member_id
        with suppress(discord.NotFound):  # the answer went with the post that was deleted
            await answer(interaction, say(DELETED_BY_MEMBER if own else DELETED_BY_MODERATOR))

    async def _tell_story(self, interaction: discord.Interaction[Any], job: Job) -> None:
        if not await acknowledge(interaction):
            return
        story = await self._services.jobs.story(job.id)
        if story is None:
            raise Declined(say(GONE))
        prompt = prompt_file_beside(job.id, story.view.request.whole_prompt, PROMPT_SHOWN)
        await show(interaction, story_view(story, prompt=prompt), [] if prompt is None else [prompt])


async def _delete_forgotten(interaction: discord.Interaction[Any]) -> None:
    """Delete the message of a job that is not kept any more, for the member whom it mentions and for moderators."""
    message = interaction.message
    if message is None:
        raise Declined(say(GONE))
    own = any(mentioned.id == interaction.user.id for mentioned in message.mentions)
    if not own and not may_moderate(interaction, message.channel.id):
        raise Declined(say(NOT_YOURS))
    if await acknowledge(interaction):
        await delete_message(message, interaction.channel)
        with suppress(discord.NotFound):  # the answer went with the post that was deleted
            await answer(interaction, say(DELETED_BY_MODERATOR))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Results(bot))
