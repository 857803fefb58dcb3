"""The way from a member's request to an accepted job or a refusal, with the private answer to either."""

import logging
from typing import Any

import discord

from bot.discord_ui.interactions.answers import acknowledge, answer
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.interactions.permissions import missing_permissions, permission_names, require_leave, role_ids_of
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.quota_words import OUTAGE_WORDS, amount_words, explain
from bot.discord_ui.views.words import HELD_UP, relative, sentence
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import options_for
from bot.domain.jobs import JobState
from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest, complete
from bot.services.admission import AdmissionRequest, Admitted, ConfirmationNeeded, Refused
from bot.services.services import Services

log = logging.getLogger(__name__)

NOTHING_CHARGED = "Nothing was charged."
NO_CATALOGUE = "I do not know the provider's models yet; I am asking for them. Please try again in a minute."
SERVERS_ONLY = "Videos are made in servers only: please ask there."
NAME_SHOWN = 80
"""Characters of a model's name that are shown."""
FAR_OFF_SECONDS = 600
"""Seconds of waiting from which the member reads why it takes so long."""


class RequestFlow:
    """The one way from Discord into the queue: commands, buttons and dialogs all end here."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def begin(self, interaction: discord.Interaction[Any], request: GenerationRequest) -> None:
        """Have a request accepted, and tell the member privately how that went."""
        if not await acknowledge(interaction):
            return
        if interaction.guild_id is None:
            await answer(interaction, SERVERS_ONLY)
            return
        capability = await self._capability(interaction, request)
        if capability is None:
            return
        require_leave(interaction, attaches=request.has_files)
        if missing := missing_permissions(interaction):
            await answer(interaction, f"I need {permission_names(missing)} in this channel first. {NOTHING_CHARGED}")
            return
        last = await self._services.jobs.last_choices(interaction.user.id, capability.slug)
        await self._admit(interaction, interaction.id, complete(request, capability, last), capability, None)

    async def _capability(self, interaction: discord.Interaction[Any], request: GenerationRequest) -> Capability | None:
        """Return what the model can do today; where it is not known, tell the member and return None."""
        catalogue = self._services.catalogue.current
        capability = catalogue.get(request.model_slug) if catalogue is not None else None
        if capability is None:
            await answer(interaction, NO_CATALOGUE if catalogue is None else no_longer_offered(request, catalogue))
        return capability

    async def _admit(
        self,
        interaction: discord.Interaction[Any],
        key: int,
        request: GenerationRequest,
        capability: Capability,
        confirmed_credits: int | None,
    ) -> None:
        """Admit a request under the id of the interaction that began it, so that a second confirmation repeats it."""
        if interaction.guild_id is None or interaction.channel_id is None:
            await answer(interaction, SERVERS_ONLY)
            return
        result = await self._services.admission.admit(
            AdmissionRequest(
                interaction_id=key,
                guild_id=interaction.guild_id,
                channel_id=interaction.channel_id,
                member_id=interaction.user.id,
                role_ids=role_ids_of(interaction.user),
                capability=capability,
                request=request,
                confirmed_credits=confirmed_credits,
                upload_bytes_max=interaction.filesize_limit or None,
            )
        )
        if isinstance(result, Admitted):
            await self._remember(interaction.user.id, request, capability)
            view = discord.ui.View(timeout=None)
            view.add_item(JobButton(JobAction.CANCEL, result.job.id))
            await answer(interaction, accepted(result, self._services.clock()), view)
        elif isinstance(result, ConfirmationNeeded):
            price = result.price.credits

            async def confirm(pressed: discord.Interaction[Any]) -> None:
                # Priced anew: the provider may have changed its prices since the question was asked.
                today = await self._capability(pressed, request)
                if today is not None:
                    await self._admit(pressed, key, request, today, price)

            await answer(
                interaction,
                to_confirm(result, request, capability),
                ConfirmView(confirm, yes="Generate", declined="All right, nothing was charged."),
            )
        else:
            await answer(interaction, refused(result, request, capability))

    async def _remember(self, member_id: int, request: GenerationRequest, capability: Capability) -> None:
        chosen = {
            spec.name: request.values[spec.name]
            for spec in options_for(capability)
            if spec.default is not None and spec.name in request.values
        }
        if request.has_files and str(chosen.get("aspect_ratio", "")).lower() == "auto":
            del chosen["aspect_ratio"]  # right for this file, and no choice for the next request
        try:
            last = await self._services.jobs.last_choices(member_id, capability.slug)
            await self._services.jobs.remember_choices(member_id, capability.slug, {**last, **chosen})
        except Exception:
            log.exception("the choices of member %s were not remembered", member_id)


def accepted(result: Admitted, now: float) -> str:
    """Say that the request was accepted: its price, what is left, and when it will be ready."""
    job, forecast = result.job, result.forecast
    at_most = "" if job.price_certain else "at most "
    lines = [f"✅ **{excerpt(job.model_name, NAME_SHOWN)}** · {at_most}{amount_words(job.held)} held"]
    if result.quota_status.spendable is not None:
        lines[0] += f", {amount_words(result.quota_status.spendable)} left"
    if job.prompt:
        lines.append(f"> {excerpt(job.prompt)}")
    if job.state is JobState.AWAITING:
        lines.append("A moderator has to approve this price first; I will go on as soon as that is done.")
    elif forecast.held_up is not None:
        lines.append(f"⏸️ {sentence(HELD_UP[forecast.held_up])}")
    elif forecast.starts_at is not None and forecast.starts_at - now > FAR_OFF_SECONDS:
        lines.append(
            f"Many requests are waiting and the provider takes only a few an hour: "
            f"place {forecast.place}, starts {relative(forecast.starts_at)}."
        )
    elif forecast.ready_at is not None:
        lines.append(f"Probably ready {relative(forecast.ready_at)}. I will mention you here.")
    else:
        lines.append("I will mention you here when it is ready.")
    if not job.price_certain:
        lines.append("-# The provider names no exact price for this; you pay what it charges in the end.")
    return "\n".join(lines)


def refused(result: Refused, request: GenerationRequest, capability: Capability) -> str:
    """Say why a request was refused and what is allowed."""
    if result.problems:
        reasons = "\n".join(escape_problem(problem.message) for problem in result.problems)
    elif result.outage is not None:
        reasons = OUTAGE_WORDS[result.outage]
    else:
        reasons = explain(result.refusals, estimate(capability, request).credits)
    return f"{reasons}\n{NOTHING_CHARGED}"


def to_confirm(result: ConfirmationNeeded, request: GenerationRequest, capability: Capability) -> str:
    """Ask whether an expensive request is meant."""
    at_most = "" if result.price.certain else "at most "
    left = result.quota_status.spendable
    of = "" if left is None else f" You have {amount_words(left)} left."
    prompt = f"\n> {excerpt(request.prompt)}" if request.prompt else ""
    price = f"{at_most}{amount_words(result.price.credits)}"
    return f"**{excerpt(capability.name, NAME_SHOWN)}** with these settings costs {price}.{of} Shall I?{prompt}"


def no_longer_offered(request: GenerationRequest, catalogue: Catalogue) -> str:
    """Say that a model left the catalogue, and what there is instead."""
    return (
        f"The provider no longer offers {code(request.model_slug)}. "
        f"`/models` shows the {len(catalogue.models)} models that there are. {NOTHING_CHARGED}"
    )


def escape_problem(message: str) -> str:
    """Return a problem's words so that they mention nobody."""
    return discord.utils.escape_mentions(message)
