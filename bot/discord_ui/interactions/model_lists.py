"""Models as members name them in `/video` and `/compare`, and what is listed while they type."""

from collections.abc import Collection, Coroutine
from dataclasses import replace
from typing import Any

import discord
from discord.app_commands import Choice

from bot.discord_ui.commands.options import suggestions
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.places import is_age_restricted
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.suggesting import TYPED_MAX, soon
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, length
from bot.discord_ui.views.video_words import ambiguous_model, choice_label, quality_words, unknown_model
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.model_choice import Circumstances, Wish, makes, matching, named, offered
from bot.services.services import Services

SECONDS_DIGITS_MAX = 6
"""Digits of a length that is typed. More are no length of a video."""


class ModelLists:
    """Lists models, and finds those that were typed."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def models(
        self, interaction: discord.Interaction[Any], typed: str, taken: Collection[str] = ()
    ) -> list[Choice[str]]:
        """List the models that the member may use, favourites first, without those whose slugs are taken."""
        catalogue = self._services.catalogue.current
        if catalogue is None:
            return []
        has_image = interaction.namespace.image is not None
        around = await self.around_now(interaction)
        models = matching(offered(catalogue, around, has_image=has_image), typed[:TYPED_MAX])
        return [
            Choice(
                name=choice_label(
                    model,
                    self._services.jobs.durations_of(model.slug),
                    needs_image=not (has_image or makes(model, from_image=False)),
                ),
                value=model.slug,
            )
            for model in models
            if length(model.slug) <= CHOICE_MAX and model.slug not in taken
        ][:CHOICES_MAX]

    @staticmethod
    def named(catalogue: Catalogue, typed: str) -> Capability:
        """Return the model with a slug or a name. Raises Declined, with what there is, where that is not one model."""
        found = named(catalogue, typed)
        if len(found) == 1:
            return found[0]
        if found:
            raise Declined(ambiguous_model(typed))
        there_are = offered(catalogue, Circumstances(), has_image=False)
        raise Declined(unknown_model(typed, matching(there_are, typed[:TYPED_MAX]) or there_are))

    def command_of(self, model: Capability) -> str:
        """Return a model's own command, as code."""
        name = self._services.commands.names.get(model.slug)
        return "`/models`" if name is None else f"`{name}`"

    def around(self, interaction: discord.Interaction[Any]) -> Coroutine[Any, Any, Circumstances]:
        """Read what decides about the models that a member is offered."""
        return self._services.model_choice.circumstances(
            guild_id_of(interaction), interaction.user.id, age_restricted_channel=is_age_restricted(interaction)
        )

    async def around_now(self, interaction: discord.Interaction[Any]) -> Circumstances:
        """Read the same, and go on without it where that takes too long."""
        return await soon(self.around(interaction), Circumstances())


def in_the_models_words(wish: Wish, model: Capability) -> Wish:
    """Return the wish with the provider's word for a quality that was typed as lists show it."""
    shown = {label.casefold(): each for each, label in quality_words(model).items()}
    typed = (wish.quality or "").strip().casefold()
    return replace(wish, quality=shown[typed]) if typed in shown else wish


def seconds_of(typed: str) -> int | None:
    """Return a length that was typed; None for anything that is no length of a video."""
    digits = typed.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= SECONDS_DIGITS_MAX else None


def fitting(values: Collection[str], typed: str) -> list[str]:
    """Return the values that match what was typed, or all of them where none does, as far as Discord takes them."""
    sendable = [value for value in values if 1 <= length(value) <= CHOICE_MAX]
    return [str(each) for each in suggestions(sendable, typed[:TYPED_MAX])] or sendable[:CHOICES_MAX]
