"""`/compare`: from a prompt and several models to an accepted comparison or a refusal.

What one of the models cannot do is told before anybody is asked about the price. The answer to the question about the
sum is the comparison's public card.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import discord
from discord.app_commands import Choice

from bot.discord_ui.interactions.answers import acknowledge, answer, respond
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.input_files import InputFiles
from bot.discord_ui.interactions.model_lists import ModelLists, fitting, in_the_models_words
from bot.discord_ui.interactions.permissions import missing_permissions, permission_names, require_leave, role_ids_of
from bot.discord_ui.interactions.places import around, is_age_restricted, known_ids
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.interactions.request_flow import ANSWER_SECONDS, RequestFlow
from bot.discord_ui.interactions.styling import style_notes
from bot.discord_ui.interactions.suggesting import READ_SECONDS
from bot.discord_ui.language.speaking import Language, speaking
from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.views.comparison_card import comparison_view
from bot.discord_ui.views.comparison_words import (
    accepted,
    named_twice,
    question,
    refused,
    too_few,
    unfit_models,
)
from bot.discord_ui.views.confirm import PriceQuestion
from bot.discord_ui.views.problem_words import problem_words
from bot.discord_ui.views.request_words import lacking, no_models
from bot.discord_ui.views.video_words import length_words, quality_words, unfit
from bot.domain.capabilities import Capability
from bot.domain.comparisons import MODELS_MIN
from bot.domain.model_choice import Circumstances, Wish, named, offered, request_for
from bot.domain.problems import Problem, Rule
from bot.domain.request import GenerationRequest, complete, validate
from bot.domain.styling import STYLE_OPTION, with_style
from bot.engine import failpoints
from bot.engine.comparison_notifier import comparison_card
from bot.services.admission_request import AdmissionRequest, ComparisonRequest
from bot.services.admission_result import (
    ComparisonAdmitted,
    ComparisonQuestion,
    ComparisonRefused,
    Refused,
)
from bot.services.services import Services

log = logging.getLogger(__name__)

T = TypeVar("T")

MODEL_OPTIONS = ("model_1", "model_2", "model_3", "model_4")
"""The options that name models."""


class ComparisonFlow:
    """Answers `/compare`."""

    def __init__(self, services: Services, request_flow: RequestFlow, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._services = services
        self._request_flow = request_flow
        self._answer_seconds = answer_seconds
        self._lists = ModelLists(services)
        self._files = InputFiles()

    async def begin(
        self, interaction: discord.Interaction[Any], wish: Wish, typed: Sequence[str], style: str | None = None
    ) -> None:
        """Ask for a comparison of the models that were typed. Raises Declined, with everything that is in its way."""
        models = self._models(typed)
        self._require_able(models, wish)
        require_leave(interaction, attaches=wish.image is not None)
        if missing := missing_permissions(interaction):
            await answer(interaction, lacking(permission_names(missing)))
            return
        plain = [request_for(model, in_the_models_words(wish, model)) for model in models]
        styled, notes = await self._with_style(interaction, style, plain, models)
        requests = tuple(
            self._request(interaction, model, request) for model, request in zip(models, styled, strict=True)
        )
        await self._answer(interaction, ComparisonRequest(requests), notes)

    async def models(self, interaction: discord.Interaction[Any], typed: str, option: str) -> list[Choice[str]]:
        """List the models that are not chosen already in another option."""
        taken = {model.slug for model in self._chosen(interaction, option)}
        return await self._lists.models(interaction, typed, taken)

    async def aspect_ratios(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List what all chosen models can do."""
        ratios = _common(model.aspect_ratios for model in self._chosen(interaction))
        return [Choice(name=ratio, value=ratio) for ratio in fitting(ratios, typed)]

    async def durations(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[int]]:
        """List the lengths that all chosen models can make."""
        lengths = [str(seconds) for seconds in _common(model.durations for model in self._chosen(interaction))]
        return [Choice(name=length_words(int(each)), value=int(each)) for each in fitting(lengths, typed)]

    async def qualities(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List the qualities that all chosen models have."""
        models = self._chosen(interaction)
        modes = _common(model.quality_modes for model in models)
        shown = {quality_words(models[0])[mode]: mode for mode in modes}
        return [Choice(name=label, value=shown[label]) for label in fitting(tuple(shown), typed)]

    def _models(self, typed: Sequence[str]) -> tuple[Capability, ...]:
        catalogue = self._services.catalogue.current
        if catalogue is None:
            raise Declined(no_models(key_refused=self._services.catalogue.key_refused))
        models = tuple(self._lists.named(catalogue, each) for each in typed)
        if len(models) < MODELS_MIN:
            raise Declined(too_few())
        twice = next((model for place, model in enumerate(models) if model in models[:place]), None)
        if twice is not None:
            raise Declined(named_twice(twice))
        return models

    def _require_able(self, models: Sequence[Capability], wish: Wish) -> None:
        """Require that each model can make what is wished for. Raises Declined with all that cannot be."""
        catalogue = self._services.catalogue.current
        others = offered(catalogue, Circumstances(), has_image=True) if catalogue is not None else ()
        reasons = []
        for model in models:
            command = partial(self._lists.command_of, model)
            reason = unfit(model, in_the_models_words(wish, model), command, others)
            if reason is not None:
                reasons.append(reason)
        if reasons:
            raise Declined(unfit_models(reasons))

    async def _with_style(
        self,
        interaction: discord.Interaction[Any],
        name: str | None,
        plain: Sequence[GenerationRequest],
        models: Sequence[Capability],
    ) -> tuple[Sequence[GenerationRequest], list[str]]:
        """Return the requests with the style of this name, and what the member is told of it.

        The interaction is acknowledged where finding the style takes long. Raises Declined, with everything that a
        model cannot do.
        """
        if name is None:
            return plain, []
        finding = asyncio.create_task(self._services.styles.named(guild_id_of(interaction), name))
        await asyncio.wait({finding}, timeout=READ_SECONDS)
        if not finding.done():
            await acknowledge(interaction)
        style = await finding
        if style is None:
            raise Declined(unfit_models([problem_words(Problem(STYLE_OPTION, name, Rule.STYLE))]))
        styled = [with_style(request, style, model) for request, model in zip(plain, models, strict=True)]
        if problems := [problem for each in styled for problem in each.problems]:
            raise Declined(unfit_models([problem_words(problem) for problem in problems]))
        notes = [note for each, model in zip(styled, models, strict=True) for note in style_notes(each, model)]
        return [each.request for each in styled], list(dict.fromkeys(notes))

    def _request(
        self, interaction: discord.Interaction[Any], model: Capability, request: GenerationRequest
    ) -> AdmissionRequest:
        """Return one model's request. What is not wished for is the model's default, and no member's last choice."""
        return AdmissionRequest(
            interaction_id=interaction.id,
            guild_id=guild_id_of(interaction),
            channel_id=interaction.channel_id or 0,
            member_id=interaction.user.id,
            role_ids=role_ids_of(interaction.user),
            capability=model,
            request=complete(request, model),
            around_ids=around(interaction),
            age_restricted_channel=is_age_restricted(interaction),
            upload_bytes_max=interaction.filesize_limit or None,
            answers_with_card=True,
        )

    async def _answer(
        self, interaction: discord.Interaction[Any], asked: ComparisonRequest, notes: Sequence[str] = ()
    ) -> None:
        await self._request_flow.see_through(self._decide_and_answer(interaction, asked, notes))

    async def _decide_and_answer(
        self, interaction: discord.Interaction[Any], asked: ComparisonRequest, notes: Sequence[str]
    ) -> None:
        """Decide and answer within Discord's three seconds, whatever the database does meanwhile."""
        deciding = asyncio.create_task(self._decide(asked))
        language = asyncio.create_task(public_language(interaction, self._services.guild_settings.of))
        _, pending = await asyncio.wait({deciding, language}, timeout=self._answer_seconds)
        if pending:
            await acknowledge(interaction)
        decision = await deciding
        if isinstance(decision, ComparisonAdmitted):
            await self._show(interaction, decision, await language)
        elif isinstance(decision, ComparisonQuestion):
            await self._ask_about_price(interaction, asked, decision, notes)
        else:
            await answer(interaction, refused(decision, asked, known_ids(interaction)))

    async def _decide(self, asked: ComparisonRequest) -> ComparisonAdmitted | ComparisonQuestion | ComparisonRefused:
        for position, each in enumerate(asked.requests):
            problems = validate(each.request, each.capability)
            problems = problems or await self._files.problems_in(each.request, each.capability)
            if problems:
                return ComparisonRefused(Refused(problems=problems), 0, position)
        return await self._services.admission.admit_comparison(asked)

    async def _ask_about_price(
        self,
        interaction: discord.Interaction[Any],
        asked: ComparisonRequest,
        needed: ComparisonQuestion,
        notes: Sequence[str],
    ) -> None:
        """Ask whether the sum is meant. A "yes" repeats the same request: it keeps the first interaction's id."""

        async def confirm(pressed: discord.Interaction[Any]) -> None:
            # Priced anew: the provider may have changed its prices since the question was asked.
            today = self._models([each.capability.slug for each in asked.requests])
            requests = tuple(replace(each, capability=model) for each, model in zip(asked.requests, today, strict=True))
            await self._answer(pressed, ComparisonRequest(requests, needed.credits))

        words = "\n".join([question(needed, asked), *notes])
        await answer(interaction, words, PriceQuestion(interaction, confirm))

    async def _show(
        self, interaction: discord.Interaction[Any], admitted: ComparisonAdmitted, language: Language
    ) -> None:
        """Make the card the answer, in the server's language. Where that cannot be, a worker posts the card."""
        comparison = admitted.comparison
        if admitted.repeated:
            await answer(interaction, accepted())
            return
        if interaction.response.is_done():
            await self._services.comparisons.release_card(comparison.id)
            await answer(interaction, accepted())
            return
        try:
            with speaking(language):
                card = comparison_card(comparison, admitted.jobs, admitted.forecasts)
                message_id = await respond(interaction, comparison_view(card))
        except CALL_ERRORS as error:
            # The answer may have got through: the worker looks for it before it posts a card.
            fields = {"action": "answer", "comparison": comparison.id}
            log.warning("comparison %s: its card is left to a worker: %s", comparison.id, error, extra=fields)
            return
        failpoints.hit("answer.after_post")
        if not await self._services.comparisons.note_card(comparison.id, message_id):
            await interaction.delete_original_response()

    def _chosen(self, interaction: discord.Interaction[Any], without: str | None = None) -> list[Capability]:
        """Return the models that are chosen while the command is filled in, without that of one option."""
        catalogue = self._services.catalogue.current
        if catalogue is None:
            return []
        typed = [getattr(interaction.namespace, option) or "" for option in MODEL_OPTIONS if option != without]
        found = [named(catalogue, each) for each in typed if each]
        return [models[0] for models in found if len(models) == 1]


def _common(lists: Iterable[Sequence[T]]) -> list[T]:
    """Return what is in every list, in the order of the first one; nothing where there are no lists."""
    first, *others = [*lists] or [()]
    return [each for each in first if all(each in other for other in others)]
