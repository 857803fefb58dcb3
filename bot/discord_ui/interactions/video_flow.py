"""`/video`: from a description of a video to the model that makes it, and what is listed while a member types."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

import discord
from discord.app_commands import Choice

from bot.discord_ui.commands.options import suggestions
from bot.discord_ui.interactions.answers import acknowledge
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.extras import NO_EXTRAS, Extras
from bot.discord_ui.interactions.places import is_age_restricted
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.request_flow import RequestFlow
from bot.discord_ui.interactions.suggesting import READ_SECONDS, TYPED_MAX, soon
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, length
from bot.discord_ui.views.request_words import no_models
from bot.discord_ui.views.video_words import (
    ambiguous_model,
    choice_label,
    length_words,
    nearest,
    no_model,
    option_label,
    quality_words,
    unfit,
    unknown_model,
)
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.model_choice import (
    ANY_IMAGE,
    ANY_PROMPT,
    Circumstances,
    Wish,
    choose,
    makes,
    matching,
    named,
    offered,
    price_of,
    request_for,
)
from bot.domain.request import GenerationRequest
from bot.domain.styles import Style
from bot.domain.styling import wish_with_style
from bot.services.services import Services

SECONDS_DIGITS_MAX = 6
"""Digits of a length that is typed. More are no length of a video."""


class VideoFlow:
    """Answers `/video`. What it asks for goes the way of all requests."""

    def __init__(self, services: Services, request_flow: RequestFlow) -> None:
        self._services = services
        self._request_flow = request_flow

    async def begin(
        self,
        interaction: discord.Interaction[Any],
        wish: Wish,
        typed_model: str | None,
        extras: Extras = NO_EXTRAS,
    ) -> None:
        """Request a video from the model that was named, or from the one that fits best.

        Raises Declined, with what is possible, where no model is found or the model cannot do it.
        """
        catalogue = self._services.catalogue.current
        if catalogue is None:
            raise Declined(no_models(key_refused=self._services.catalogue.key_refused))
        if typed_model is None:
            around, style = await self._circumstances(interaction, extras.style)
            model = choose(catalogue, wish if style is None else wish_with_style(wish, style), around)
            if model is None:
                raise Declined(no_model(from_image=wish.image is not None))
        elif typed_model.strip() in self._services.commands.names and catalogue.get(typed_model.strip()) is None:
            # It left the catalogue while the form was open. The request is refused with the model's name.
            await self._request_flow.begin(interaction, GenerationRequest(typed_model.strip(), {}))
            return
        else:
            model = self._named(catalogue, typed_model)
        wish = _in_the_models_words(wish, model)
        others = offered(catalogue, Circumstances(), has_image=True)
        if (reason := unfit(model, wish, lambda: self._command_of(model), others)) is not None:
            raise Declined(reason)
        await self._request_flow.begin(interaction, request_for(model, wish), extras)

    async def models(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List the models that the member may use, favourites first."""
        catalogue = self._services.catalogue.current
        if catalogue is None:
            return []
        has_image = interaction.namespace.image is not None
        around = await self._circumstances_now(interaction)
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
            if length(model.slug) <= CHOICE_MAX
        ][:CHOICES_MAX]

    async def aspect_ratios(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List what the chosen model can do."""
        model, _, _ = await self._following(interaction, "aspect_ratio")
        return [Choice(name=ratio, value=ratio) for ratio in _fitting(model.aspect_ratios if model else (), typed)]

    async def durations(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[int]]:
        """List what the chosen model can do, each with its price. Where nothing fits what was typed: the nearest."""
        model, wish, around = await self._following(interaction, "duration")
        if model is None:
            return []
        lengths = [each for each in suggestions(model.durations, typed[:TYPED_MAX]) if isinstance(each, int)]
        if not lengths:
            seconds = _seconds(typed)
            lengths = list(model.durations if seconds is None else nearest(model.durations, seconds))
        remembered = await self._remembered(interaction, model)
        prices = {each: price_of(model, replace(wish, duration=each), remembered) for each in lengths}
        return [
            Choice(name=option_label(length_words(each), price), value=each)
            for each, price in prices.items()
            if around.allows_price(price.credits)
        ][:CHOICES_MAX]

    async def qualities(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List what the chosen model can do, each with its price."""
        model, wish, around = await self._following(interaction, "quality")
        if model is None:
            return []
        remembered = await self._remembered(interaction, model)
        shown = quality_words(model)
        meant = {label: each for each, label in shown.items()} | {each: each for each in shown}
        found = dict.fromkeys(meant[each] for each in _fitting(tuple(meant), typed))
        prices = {each: price_of(model, replace(wish, quality=each), remembered) for each in found}
        return [
            Choice(name=option_label(shown[each], price), value=each)
            for each, price in prices.items()
            if around.allows_price(price.credits)
        ]

    def _named(self, catalogue: Catalogue, typed: str) -> Capability:
        found = named(catalogue, typed)
        if len(found) == 1:
            return found[0]
        if found:
            raise Declined(ambiguous_model(typed))
        there_are = offered(catalogue, Circumstances(), has_image=False)
        raise Declined(unknown_model(typed, matching(there_are, typed[:TYPED_MAX]) or there_are))

    def _command_of(self, model: Capability) -> str:
        name = self._services.commands.names.get(model.slug)
        return "`/models`" if name is None else f"`{name}`"

    async def _following(
        self, interaction: discord.Interaction[Any], focused: str
    ) -> tuple[Capability | None, Wish, Circumstances]:
        """Return the model whose options are to be listed, and what was wished for beside the focused option.

        Where none is chosen yet, it is the one that would make the video.
        """

        def given(option: str) -> Any:
            return None if option == focused else getattr(interaction.namespace, option) or None

        catalogue = self._services.catalogue.current
        wish = Wish(
            prompt=given("prompt") or ANY_PROMPT,
            image=ANY_IMAGE if given("image") is not None else None,
            aspect_ratio=given("aspect_ratio"),
            duration=_seconds(str(given("duration"))),  # Discord sends numbers as text while a command is filled in
            quality=given("quality"),
        )
        if catalogue is None:
            return None, wish, Circumstances()
        around = await self._circumstances_now(interaction)
        found = named(catalogue, given("model") or "")
        model = found[0] if len(found) == 1 else choose(catalogue, wish, around)
        return model, wish, around

    async def _circumstances(
        self, interaction: discord.Interaction[Any], style: str | None
    ) -> tuple[Circumstances, Style | None]:
        """Read what decides about the model. The interaction is acknowledged where that takes long."""

        async def read() -> tuple[Circumstances, Style | None]:
            around = await self._around(interaction)
            named_one = None if style is None else await self._services.styles.named(guild_id_of(interaction), style)
            return around, named_one

        reading = asyncio.create_task(read())
        await asyncio.wait({reading}, timeout=READ_SECONDS)
        if not reading.done():
            await acknowledge(interaction)
        return await reading

    def _around(self, interaction: discord.Interaction[Any]) -> Coroutine[Any, Any, Circumstances]:
        return self._services.model_choice.circumstances(
            guild_id_of(interaction), interaction.user.id, age_restricted_channel=is_age_restricted(interaction)
        )

    async def _circumstances_now(self, interaction: discord.Interaction[Any]) -> Circumstances:
        return await soon(self._around(interaction), Circumstances())

    async def _remembered(self, interaction: discord.Interaction[Any], model: Capability) -> Mapping[str, Any]:
        return await soon(self._services.jobs.last_choices(interaction.user.id, model.slug), {})


def _in_the_models_words(wish: Wish, model: Capability) -> Wish:
    """Return the wish with the provider's word for a quality that was typed as lists show it."""
    shown = {label.casefold(): each for each, label in quality_words(model).items()}
    typed = (wish.quality or "").strip().casefold()
    return replace(wish, quality=shown[typed]) if typed in shown else wish


def _seconds(typed: str) -> int | None:
    """Return a length that was typed; None for anything that is no length of a video."""
    digits = typed.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= SECONDS_DIGITS_MAX else None


def _fitting(values: tuple[str, ...], typed: str) -> list[str]:
    """Return the values that match what was typed, or all of them where none does, as far as Discord takes them."""
    sendable = [value for value in values if 1 <= length(value) <= CHOICE_MAX]
    return [str(each) for each in suggestions(sendable, typed[:TYPED_MAX])] or sendable[:CHOICES_MAX]
