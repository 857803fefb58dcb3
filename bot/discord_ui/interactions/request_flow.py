"""The way from a member's request to an accepted job or a refusal.

The answer to the interaction is the job's public card. What is nobody else's business is answered privately: a
refusal, a question about the price, and credits that become scarce.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import discord

from bot.discord_ui.interactions.answers import acknowledge, answer, respond, tell_beside
from bot.discord_ui.interactions.asking_place import asking_place
from bot.discord_ui.interactions.casting import cast_of, put_cast, with_cast_files, without_cast_files
from bot.discord_ui.interactions.extras import NO_EXTRAS, Extras
from bot.discord_ui.interactions.input_files import InputFiles
from bot.discord_ui.interactions.permissions import role_ids_of
from bot.discord_ui.interactions.places import known_ids
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.interactions.styling import put_style
from bot.discord_ui.language.speaking import Language, say, speaking
from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.views.card_files import card_files
from bot.discord_ui.views.confirm import PriceQuestion
from bot.discord_ui.views.request_words import (
    SERVERS_ONLY,
    accepted,
    no_longer_offered,
    no_models,
    refused,
    scarce,
    to_confirm,
)
from bot.discord_ui.views.status_card import status_view
from bot.discord_ui.views.style_words import set_by_style_words
from bot.domain.attachments import CardFile
from bot.domain.capabilities import Capability
from bot.domain.fields import options_for
from bot.domain.lineage import ParentClip
from bot.domain.request import GenerationRequest, complete, validate
from bot.engine import failpoints
from bot.engine.notifier import status_card
from bot.services.admission_request import AdmissionRequest
from bot.services.admission_result import Admitted, ConfirmationNeeded, Refused
from bot.services.services import Services

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""Seconds for which an answer waits for the decision. Beyond them the interaction is acknowledged privately."""

ANSWER_BYTES_MAX = 1_000_000
"""Bytes of all files that go with an answer. More may take longer to upload than Discord waits for one."""

DRAIN_SECONDS = 3.0
"""Seconds that `drain` waits for answers under way: Discord waits no longer for one."""

Decision = Admitted | ConfirmationNeeded | Refused


class RequestFlow:
    """The one way from Discord into the queue: commands, buttons and dialogs all end here."""

    def __init__(self, services: Services, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._services = services
        self._answer_seconds = answer_seconds
        self._files = InputFiles()
        self._under_way: set[asyncio.Task[None]] = set()

    async def begin(
        self,
        interaction: discord.Interaction[Any],
        request: GenerationRequest,
        extras: Extras = NO_EXTRAS,
        *,
        shown_credits: int | None = None,
        parent: ParentClip | None = None,
        files: tuple[CardFile, ...] = (),
        reel_id: int | None = None,
        home_channel_id: int | None = None,
    ) -> None:
        """Have a request accepted, and answer with its card or with why not.

        `shown_credits` is the price that stood on a pressed button: a higher one is asked about. `parent` is the clip
        that is continued, and `files` are those of the request's files that the bot itself gives. `reel_id` is the reel
        to which the video is added. `home_channel_id` is the channel in which the result was asked for whose button was
        pressed: the request is made there where the member may not write here.
        """
        if interaction.guild_id is None:
            await answer(interaction, say(SERVERS_ONLY))
            return
        capability = await self._capability(interaction, request)
        if capability is None:
            return
        attaches = request.has_members_files or extras.cast is not None
        place = asking_place(interaction, attaches=attaches, home_channel_id=home_channel_id)
        asked = AdmissionRequest(
            interaction_id=interaction.id,
            guild_id=interaction.guild_id,
            channel_id=place.channel_id,
            member_id=interaction.user.id,
            role_ids=role_ids_of(interaction.user),
            capability=capability,
            request=request,
            by_button=interaction.message is not None,
            around_ids=place.around_ids,
            age_restricted_channel=place.age_restricted,
            upload_bytes_max=interaction.filesize_limit or None,
            shown_credits=shown_credits,
            answers_with_card=True,
            parent=parent,
            files=files,
            reel_id=reel_id,
        )
        await self._answer(interaction, asked, extras)

    async def drain(self) -> None:
        """Wait for the answers under way, so that each is noted before the process ends."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)

    async def _capability(self, interaction: discord.Interaction[Any], request: GenerationRequest) -> Capability | None:
        """Return what the model can do today; where it is not known, tell the member and return None."""
        catalogue = self._services.catalogue.current
        capability = catalogue.get(request.model_slug) if catalogue is not None else None
        if capability is None:
            known = self._services.catalogue
            name = known.name_of(request.model_slug)
            unknown = no_models(key_refused=known.key_refused)
            await answer(interaction, unknown if catalogue is None else no_longer_offered(name, catalogue))
        return capability

    async def _answer(
        self, interaction: discord.Interaction[Any], asked: AdmissionRequest, extras: Extras = NO_EXTRAS
    ) -> None:
        await self.see_through(self._decide_and_answer(interaction, asked, extras))

    async def see_through(self, answering: Coroutine[Any, Any, None]) -> None:
        """Run what decides about a request and answers its interaction. `drain` waits for it."""
        task = asyncio.create_task(answering)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await task

    async def _decide_and_answer(
        self, interaction: discord.Interaction[Any], asked: AdmissionRequest, extras: Extras
    ) -> None:
        """Decide about the request and answer within Discord's three seconds, whatever the database does meanwhile."""
        deciding = asyncio.create_task(self._decide(asked, extras))
        language = asyncio.create_task(public_language(interaction, self._services.guild_settings.of))
        _, pending = await asyncio.wait({deciding, language}, timeout=self._answer_seconds)
        if pending:
            await acknowledge(interaction)
        asked, decision, note = await deciding
        if isinstance(decision, Admitted):
            if sum(len(file.content) for file in asked.files) > ANSWER_BYTES_MAX:
                await acknowledge(interaction)  # a worker posts the card, and takes the time that it needs
            await self._show(interaction, decision, await language, asked.files)
            await self._remember(asked)
            if notes := [words for words in (note, scarce(decision)) if words is not None]:
                await tell_beside(interaction, "\n".join(notes))
        elif isinstance(decision, ConfirmationNeeded):
            await self._ask_about_price(interaction, asked, decision, note)
        else:
            await answer(interaction, refused(decision, asked.request, asked.capability, known_ids(interaction)))

    async def _decide(self, asked: AdmissionRequest, extras: Extras) -> tuple[AdmissionRequest, Decision, str | None]:
        """Complete the request by its style and the member's last choices, and have it admitted.

        Returns it as it was admitted, and what the member is told beside the decision.
        """
        last = await self._services.jobs.last_choices(asked.member_id, asked.capability.slug)
        note: str | None = None
        if extras.style is not None:
            styled = await put_style(self._services, asked, extras.style, last)
            asked, note = styled.asked, styled.note
            if styled.problems:
                return asked, Refused(problems=styled.problems), None
        if extras.cast is not None:
            asked, wrong = await put_cast(self._services, asked, extras.cast)
            if wrong:
                return asked, Refused(problems=wrong), None
        completed = replace(asked, request=complete(asked.request, asked.capability, last))
        problems = validate(completed.request, completed.capability)
        problems = problems or await self._files.problems_in(completed.request, completed.capability)
        if not problems:
            completed, problems = await with_cast_files(self._services, completed)
        if problems:
            return completed, Refused(problems=problems), None
        return completed, await self._services.admission.admit(completed), note

    async def _show(
        self,
        interaction: discord.Interaction[Any],
        admitted: Admitted,
        language: Language,
        files: tuple[CardFile, ...],
    ) -> None:
        """Make the job's card the answer, in the server's language. Where that cannot be, a worker posts the card."""
        job = admitted.job
        if admitted.repeated:
            await answer(interaction, accepted(admitted, interaction.channel_id))
            return
        if interaction.response.is_done() or job.channel_id != interaction.channel_id:
            await self._services.jobs.release_card(job.id)
            await answer(interaction, accepted(admitted, interaction.channel_id))
            return
        try:
            with speaking(language):
                card = status_card(job, admitted.forecast, admitted.parent, files)
                message_id = await respond(interaction, status_view(card), card_files(card))
        except CALL_ERRORS as error:
            # The answer may have got through: the worker looks for it before it posts a card.
            log.warning(
                "job %s: its card is left to a worker: %s", job.id, error, extra={"action": "answer", "job": job.id}
            )
            return
        failpoints.hit("answer.after_post")
        if not await self._services.jobs.note_card(job.id, message_id):
            await interaction.delete_original_response()

    async def _ask_about_price(
        self,
        interaction: discord.Interaction[Any],
        asked: AdmissionRequest,
        needed: ConfirmationNeeded,
        note: str | None,
    ) -> None:
        """Ask whether the price is meant. A "yes" repeats the same request: it keeps the first interaction's id."""
        price, waiting = needed.price.credits, without_cast_files(asked)

        async def confirm(pressed: discord.Interaction[Any]) -> None:
            # Priced anew: the provider may have changed its prices since the question was asked.
            today = await self._capability(pressed, asked.request)
            if today is not None:
                await self._answer(pressed, replace(waiting, capability=today, confirmed_credits=price))

        question = to_confirm(needed, asked.request, asked.capability)
        words = "\n".join(filter(None, (question, set_by_style_words(asked.request), note)))
        await answer(interaction, words, PriceQuestion(interaction, confirm))

    async def _remember(self, asked: AdmissionRequest) -> None:
        """Remember what the member chose, and that saved pictures were used."""
        member_id, request, capability = asked.member_id, asked.request, asked.capability
        chosen = {
            spec.name: request.values[spec.name]
            for spec in options_for(capability)
            if spec.default is not None
            and spec.name in request.values
            and not (request.style is not None and spec.name in request.style.fixed)
        }
        if request.has_files:
            chosen.pop("aspect_ratio", None)  # right for this file, and no choice for the next request
        try:
            last = await self._services.jobs.last_choices(member_id, capability.slug)
            await self._services.jobs.remember_choices(member_id, capability.slug, {**last, **chosen})
            await self._services.cast.note_used(cast_of(asked))
        except Exception:
            log.exception("the choices of member %s were not remembered", member_id)
