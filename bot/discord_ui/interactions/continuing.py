"""*Continue*: from a result to a request that begins with its last frame.

A dialog cannot follow an answer that was announced, and fetching a video takes longer than Discord waits. So a private
preview comes first, and the dialog is opened from there.
"""

import asyncio
import io
from typing import Any

import discord

from bot.discord_ui.interactions.access import require_access
from bot.discord_ui.interactions.answers import acknowledge, redraw, show
from bot.discord_ui.interactions.asking_place import asking_place
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.interactions.places import is_age_restricted
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reel_access import require_reel
from bot.discord_ui.interactions.request_flow import RequestFlow
from bot.discord_ui.interactions.reuse import require_reuse
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import say
from bot.discord_ui.posting.message_files import files_of
from bot.discord_ui.posting.reel_panels import ReelPanels
from bot.discord_ui.views.clip_words import clip_words
from bot.discord_ui.views.continue_preview import (
    MODEL_GONE,
    NO_MODEL,
    NO_VIDEO,
    ONLY_IN_SERVERS,
    Offer,
    frame_words,
    next_dialog,
    preview,
)
from bot.discord_ui.views.job_answers import GONE
from bot.discord_ui.views.request_words import NOTHING_CHARGED, no_models
from bot.domain.attachments import Attachment
from bot.domain.capabilities import Catalogue
from bot.domain.continuing import continuation, continuers
from bot.domain.jobs import JobState
from bot.domain.lineage import ParentClip
from bot.domain.model_choice import ANY_IMAGE, ANY_PROMPT
from bot.domain.request import GenerationRequest
from bot.engine.clips import ClipUnavailable
from bot.media.last_frames import LastFrame, is_last_frame
from bot.services.job_views import JobView
from bot.services.services import Services

FRAME_SECONDS = 1.0
"""Seconds for which an answer waits for a frame. Beyond them the interaction is acknowledged."""


class Continuing:
    """Carries *Continue* out, step by step. Each step checks anew what the member may do."""

    def __init__(self, services: Services, request_flow: RequestFlow, reel_panels: ReelPanels) -> None:
        self._services = services
        self._request_flow = request_flow
        self._reel_panels = reel_panels

    async def open(self, interaction: discord.Interaction[Any], clip: NextClip) -> None:
        """Show the preview of a continuation of a clip. Raises Declined."""
        view = await self._require(interaction, clip.job_id)
        if await acknowledge(interaction):
            await self._show(interaction, view, clip)

    async def choose_clip(self, interaction: discord.Interaction[Any], clip: NextClip) -> None:
        """Show the preview of the continuation of another clip of the same job. Raises Declined."""
        view = await self._require(interaction, clip.job_id)
        await interaction.response.defer()
        await self._show(interaction, view, clip)

    async def choose_model(self, interaction: discord.Interaction[Any], clip: NextClip) -> None:
        """Show the preview with the chosen model. Raises Declined."""
        view = await self._require(interaction, clip.job_id)
        await interaction.response.defer()
        pictures = files_of(interaction.message) if interaction.message is not None else {}
        frame = next(iter(pictures.values()), None)
        if frame is None:
            raise Declined(say(GONE))
        count = await self._services.continuations.count(clip.job_id)
        offers = await self._offers(interaction, view, frame)
        await redraw(interaction, preview(view, clip, frame.filename, count, offers))

    async def ask(self, interaction: discord.Interaction[Any], clip: NextClip) -> None:
        """Open the dialog for the prompt. Raises Declined."""
        view = await self._require(interaction, clip.job_id)
        await require_access(interaction, self._services, clip.model_slug)
        offers = await self._offers(interaction, view, ANY_IMAGE)
        model = next((offer.model for offer in offers if offer.model.slug == clip.model_slug), None)
        if model is None:
            raise Declined(say(MODEL_GONE))
        await interaction.response.send_modal(next_dialog(clip, model, view.request.prompt))

    async def request(self, interaction: discord.Interaction[Any], clip: NextClip, prompt: str) -> None:
        """Request the continuation, as it was shown. Raises Declined."""
        view = await self._require(interaction, clip.job_id)
        if clip.reel_id:
            await require_reel(interaction, self._services, clip.reel_id)
        place = asking_place(interaction, attaches=False, home_channel_id=view.job.channel_id)
        frame = await self._frame(interaction, clip.job_id, clip.position, age_restricted=place.age_restricted)
        offers = await self._offers(interaction, view, frame.attachment)
        offer = next((offer for offer in offers if offer.model.slug == clip.model_slug), None)
        if offer is None:
            raise Declined(f"{say(MODEL_GONE)} {say(NOTHING_CHARGED)}")
        await self._request_flow.begin(
            interaction,
            continuation(offer.model, view.request, frame.attachment, prompt),
            shown_credits=offer.price.credits,
            parent=ParentClip(clip.job_id, clip.position),
            files=(frame.file,),
            reel_id=clip.reel_id or None,
            home_channel_id=view.job.channel_id,
        )
        if clip.reel_id:
            await self._reel_panels.refresh(guild_id_of(interaction), clip.reel_id)

    async def repeat(
        self,
        interaction: discord.Interaction[Any],
        view: JobView,
        request: GenerationRequest,
        *,
        shown_credits: int | None = None,
    ) -> None:
        """Request a continuation once more: the last frame of its parent is taken anew. Raises Declined."""
        parent_id, position = view.job.parent_id, view.job.parent_position or 0
        if parent_id is None:
            raise ValueError(f"job {view.job.id} continues nothing")
        if interaction.guild_id is None:
            raise Declined(say(ONLY_IN_SERVERS))
        place = asking_place(interaction, attaches=request.has_members_files, home_channel_id=view.job.channel_id)
        frame = await self._frame(interaction, parent_id, position, age_restricted=place.age_restricted)
        values = {
            name: frame.attachment if isinstance(value, Attachment) and is_last_frame(value) else value
            for name, value in request.values.items()
        }
        await self._request_flow.begin(
            interaction,
            GenerationRequest(request.model_slug, values, request.style),
            shown_credits=shown_credits,
            parent=ParentClip(parent_id, position),
            files=(frame.file,),
            home_channel_id=view.job.channel_id,
        )

    async def _require(self, interaction: discord.Interaction[Any], job_id: str) -> JobView:
        """Return the job whose clip may be continued here by this member. Raises Declined and MissingPermissions."""
        if interaction.guild_id is None:
            raise Declined(say(ONLY_IN_SERVERS))
        view = await self._services.jobs.get(job_id)
        if view is None:
            raise Declined(say(GONE))
        await require_standing(interaction, self._services)
        await require_reuse(interaction, self._services, view.job)
        if view.job.state is not JobState.SUCCEEDED:
            raise Declined(say(NO_VIDEO))
        await require_access(interaction, self._services)
        asking_place(interaction, attaches=False, home_channel_id=view.job.channel_id)
        return view

    async def _show(self, interaction: discord.Interaction[Any], view: JobView, clip: NextClip) -> None:
        # Before the video is fetched, which may be in vain otherwise.
        await self._offers(interaction, view, ANY_IMAGE)
        here = is_age_restricted(interaction)
        frame = await self._frame(interaction, clip.job_id, clip.position, age_restricted=here)
        count = await self._services.continuations.count(clip.job_id)
        offers = await self._offers(interaction, view, frame.attachment)
        name = frame.file.filename
        picture = discord.File(io.BytesIO(frame.file.content), name, description=frame_words(view))
        await show(interaction, preview(view, clip, name, count, offers), [picture])

    async def _frame(
        self, interaction: discord.Interaction[Any], job_id: str, position: int, *, age_restricted: bool
    ) -> LastFrame:
        """Return the last frame of a clip. The interaction is acknowledged where that takes long.

        `age_restricted` says that it is shown in an age-restricted channel. Raises Declined.
        """
        taking = asyncio.create_task(
            self._services.continuations.last_frame(job_id, position, age_restricted_place=age_restricted)
        )
        await asyncio.wait({taking}, timeout=FRAME_SECONDS)
        if not taking.done() and not interaction.response.is_done():
            await acknowledge(interaction)
        try:
            return await taking
        except ClipUnavailable as unavailable:
            raise Declined(f"{clip_words(unavailable.problem)} {say(NOTHING_CHARGED)}") from unavailable

    async def _offers(self, interaction: discord.Interaction[Any], view: JobView, frame: Attachment) -> list[Offer]:
        """Return what the member may continue a clip with, the best first; at least one. Raises Declined."""
        catalogue = self._catalogue()
        around = await self._services.model_choice.circumstances(
            guild_id_of(interaction), interaction.user.id, age_restricted_channel=is_age_restricted(interaction)
        )
        offers = [
            Offer(
                model,
                continuation(model, view.request, frame, ANY_PROMPT),
                price,
                self._services.jobs.durations_of(model.slug),
            )
            for model, price in continuers(catalogue, around, view.request, frame)
        ]
        if not offers:
            raise Declined(say(NO_MODEL))
        return offers

    def _catalogue(self) -> Catalogue:
        known = self._services.catalogue
        if known.current is None:
            raise Declined(no_models(key_refused=known.key_refused))
        return known.current
