"""The style that a member named, put into their request before it is admitted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.discord_ui.views.style_words import beyond_words, overruled_words
from bot.domain.capabilities import Capability
from bot.domain.pricing import estimate
from bot.domain.problems import Problem, Rule
from bot.domain.request import complete
from bot.domain.styling import STYLE_OPTION, Styled, with_style
from bot.services.admission_request import AdmissionRequest
from bot.services.services import Services


@dataclass(frozen=True, slots=True)
class StyledRequest:
    """A request with its style, and what its member is told about it."""

    asked: AdmissionRequest
    problems: tuple[Problem, ...] = ()
    note: str | None = None


async def put_style(
    services: Services, asked: AdmissionRequest, name: str, last_choices: Mapping[str, Any]
) -> StyledRequest:
    """Return the request with the style of this name.

    A style that makes the request dearer has the member asked about the price, however low it is.
    """
    style = await services.styles.named(asked.guild_id, name)
    if style is None:
        return StyledRequest(asked, (Problem(STYLE_OPTION, name, Rule.STYLE),))
    styled = with_style(asked.request, style, asked.capability)
    if styled.problems:
        return StyledRequest(asked, styled.problems)
    without, price = (
        estimate(asked.capability, complete(request, asked.capability, last_choices)).credits
        for request in (asked.request, styled.request)
    )
    shown = asked.shown_credits
    if price > without and (shown is None or shown > without):
        shown = without
    notes = style_notes(styled, asked.capability)
    told = replace(asked, request=styled.request, shown_credits=shown)
    return StyledRequest(told, note="\n".join(notes) or None)


def style_notes(styled: Styled, capability: Capability) -> list[str]:
    """Return what the member is told where the style and what they or the model chose differ."""
    style = styled.request.style
    if style is None:
        return []
    notes = []
    if styled.overruled:
        notes.append(overruled_words(style.name, styled.overruled))
    if styled.beyond:
        notes.append(beyond_words(style.name, capability.name, styled.beyond))
    return notes
