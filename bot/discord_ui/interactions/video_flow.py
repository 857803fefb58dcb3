"""`/video`: from a description of a video to the model that makes it, and what is listed while a member types."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord.app_commands import Choice

from bot.discord_ui.commands.options import suggestions
from bot.discord_ui.interactions.answers import acknowledge
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.extras import NO_EXTRAS, Extras
from bot.discord_ui.interactions.model_lists import ModelLists, fitting, in_the_models_words, seconds_of
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.request_flow import RequestFlow
from bot.discord_ui.interactions.suggesting import READ_SECONDS, TYPED_MAX, soon
from bot.discord_ui.views.message_limits import CHOICES_MAX
from bot.discord_ui.views.request_words import no_models
from bot.discord_ui.views.video_words import (
    length_words,
    nearest,
    no_model,
    option_label,
    quality_words,
    unfit,
)
from bot.domain.capabilities import Capability
from bot.domain.model_choice import (
    ANY_IMAGE,
    ANY_PROMPT,
    Circumstances,
    Wish,
    choose,
    named,
    offered,
    price_of,
    request_for,
)
from bot.domain.request import GenerationRequest
from bot.domain.styles import Style
from bot.domain.styling import wish_with_style
from bot.services.services import Services


class VideoFlow:
    """Answers `/video`. What it asks for goes the way of all requests."""

    def __init__(self, services: Services, request_flow: RequestFlow) -> None:
        self._services = services
        self._request_flow = request_flow
        self._lists = ModelLists(services)

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
            wanted = wish if style is None else wish_with_style(wish, style)
            model = choose(catalogue, _with_any_image(wanted, extras), around)
            if model is None:
                raise Declined(no_model(from_image=_with_any_image(wish, extras).image is not None))
        elif typed_model.strip() in self._services.commands.names and catalogue.get(typed_model.strip()) is None:
            # It left the catalogue while the form was open. The request is refused with the model's name.
            await self._request_flow.begin(interaction, GenerationRequest(typed_model.strip(), {}))
            return
        else:
            model = self._lists.named(catalogue, typed_model)
        wish = in_the_models_words(wish, model)
        others = offered(catalogue, Circumstances(), has_image=True)
        reason = unfit(model, _with_any_image(wish, extras), lambda: self._lists.command_of(model), others)
        if reason is not None:
            raise Declined(reason)
        await self._request_flow.begin(interaction, request_for(model, wish), extras)

    async def models(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List the models that the member may use, favourites first."""
        return await self._lists.models(interaction, typed)

    async def aspect_ratios(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        """List what the chosen model can do."""
        model, _, _ = await self._following(interaction, "aspect_ratio")
        return [Choice(name=ratio, value=ratio) for ratio in fitting(model.aspect_ratios if model else (), typed)]

    async def durations(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice[int]]:
        """List what the chosen model can do, each with its price. Where nothing fits what was typed: the nearest."""
        model, wish, around = await self._following(interaction, "duration")
        if model is None:
            return []
        lengths = [each for each in suggestions(model.durations, typed[:TYPED_MAX]) if isinstance(each, int)]
        if not lengths:
            seconds = seconds_of(typed)
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
        found = dict.fromkeys(meant[each] for each in fitting(tuple(meant), typed))
        prices = {each: price_of(model, replace(wish, quality=each), remembered) for each in found}
        return [
            Choice(name=option_label(shown[each], price), value=each)
            for each, price in prices.items()
            if around.allows_price(price.credits)
        ]

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
            duration=seconds_of(str(given("duration"))),  # Discord sends numbers as text while a command is filled in
            quality=given("quality"),
        )
        if catalogue is None:
            return None, wish, Circumstances()
        around = await self._lists.around_now(interaction)
        found = named(catalogue, given("model") or "")
        model = found[0] if len(found) == 1 else choose(catalogue, wish, around)
        return model, wish, around

    async def _circumstances(
        self, interaction: discord.Interaction[Any], style: str | None
    ) -> tuple[Circumstances, Style | None]:
        """Read what decides about the model. The interaction is acknowledged where that takes long."""

        async def read() -> tuple[Circumstances, Style | None]:
            around = await self._lists.around(interaction)
            named_one = None if style is None else await self._services.styles.named(guild_id_of(interaction), style)
            return around, named_one

        reading = asyncio.create_task(read())
        await asyncio.wait({reading}, timeout=READ_SECONDS)
        if not reading.done():
            await acknowledge(interaction)
        return await reading

    async def _remembered(self, interaction: discord.Interaction[Any], model: Capability) -> Mapping[str, Any]:
        return await soon(self._services.jobs.last_choices(interaction.user.id, model.slug), {})


def _with_any_image(wish: Wish, extras: Extras) -> Wish:
    """Return the wish with an image that stands for a saved one: what the model starts from decides about it."""
    return wish if extras.cast is None or wish.image is not None else replace(wish, image=ANY_IMAGE)
