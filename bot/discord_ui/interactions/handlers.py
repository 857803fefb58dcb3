"""Typed calls from buttons and dialogs to whoever answers them.

A button that works for ever is made anew by discord.py from its custom id when it is pressed, so it cannot hold a
reference to a cog. It finds the handlers on its client, where each cog has put its own.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, Protocol, cast

import discord

from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.interactions.cooldown import EDITING_PRESSES_MAX, Cooldown
from bot.discord_ui.interactions.errors import answering_errors
from bot.discord_ui.interactions.film_action import FilmAction
from bot.discord_ui.interactions.guild_action import GuildAction
from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.interactions.reader import speak_to_member
from bot.discord_ui.interactions.reel_press import ReelPress
from bot.domain.attachments import MediaKind
from bot.domain.gallery import GalleryFilter
from bot.domain.ledger_views import LedgerFilter
from bot.services.job_views import JobsWanted
from bot.services.operations import Resolution

P = ParamSpec("P")

Handler = Callable[Concatenate[discord.Interaction[Any], P], Awaitable[None]]


async def unanswered(_interaction: discord.Interaction[Any], *_args: object) -> None:
    """Stand for a handler whose cog is not loaded."""
    raise LookupError("no loaded cog answers this button or dialog")


@dataclass
class Handlers:
    """What answers buttons and dialogs. A cog sets its own when it is made."""

    job_button: Handler[[JobAction, str]] = unanswered
    """Carry out an action on the job with this id."""
    approval_button: Handler[[str, bool]] = unanswered
    """Approve (True) or deny (False) the request with this job id."""
    comparison_button: Handler[[ComparisonAction, str]] = unanswered
    """Carry out an action on the comparison with this id."""
    vote_cast: Handler[[str, int]] = unanswered
    """Vote for the clip at this place in the message of the comparison with this id."""
    jobs_page: Handler[[JobsWanted]] = unanswered
    """Show a page of `/jobs`."""
    listed_job: Handler[[JobAction, str, JobsWanted]] = unanswered
    """Carry out an action on the job with this id, and show the page of `/jobs` that it was on."""
    queue_page: Handler[[int]] = unanswered
    """Show a page of `/queue show`, counted from 0."""
    queue_cancel: Handler[[str, int]] = unanswered
    """Cancel the job with this id, and show this page of the queue."""
    ledger_page: Handler[[LedgerFilter, int | None, int | None]] = unanswered
    """Show the entries of a filter before the first or after the second ledger id."""
    models_page: Handler[[int]] = unanswered
    """Show a page of `/models`, counted from 0."""
    gallery_page: Handler[[GalleryFilter]] = unanswered
    """Show a page of `/gallery`."""
    gallery_out: Handler[[bool, GalleryFilter]] = unanswered
    """Keep the member's results out of the gallery (True) or let them in, and show a page of it."""
    prompt_edited: Handler[[str, str]] = unanswered
    """Request the job with this id again with this prompt."""
    file_chosen: Handler[[MediaKind, int, list[str], str]] = unanswered
    """Request a video from the file of a kind in the message with this id: chosen model slugs, and the prompt."""
    next_chosen: Handler[[NextClip]] = unanswered
    """Show the preview of a continuation with the chosen model."""
    next_clip_chosen: Handler[[NextClip]] = unanswered
    """Show the preview of the continuation of another clip of the same job."""
    next_asked: Handler[[NextClip]] = unanswered
    """Open the dialog for the prompt of a continuation."""
    next_entered: Handler[[NextClip, str]] = unanswered
    """Request the continuation of a clip with this prompt."""
    case_button: Handler[[str, Resolution, str | None]] = unanswered
    """Decide about the unclear job with this id: what became of it, and the provider's id of the render found."""
    guilds_page: Handler[[int]] = unanswered
    """Show a page of `/owner guilds`, counted from 0."""
    guild_button: Handler[[GuildAction, int]] = unanswered
    """Carry out an owner's choice about the guild with this id."""
    ceiling_entered: Handler[[int, str]] = unanswered
    """Set the ceiling of the guild with this id to what an owner entered."""
    film_button: Handler[[FilmAction, int]] = unanswered
    """Carry out an action on the film of the render with this id."""
    incident_button: Handler[[IncidentAction, int]] = unanswered
    """Carry out a moderator's choice about the incident with this id."""
    member_blocked: Handler[[int, str, str]] = unanswered
    """Block the member of the incident with this id, for a time and with a reason as a moderator entered them."""
    result_reported: Handler[[str, str]] = unanswered
    """Report the result of the job with this id, with this reason."""
    panel_used: Handler[[Control, list[str], list[str]]] = unanswered
    """Carry out what a control of the panel of `/settings` is for: the chosen values, and all that were offered."""
    panel_asked: Handler[[Control]] = unanswered
    """Open a dialog of the panel of `/settings`."""
    panel_entered: Handler[[Control, dict[str, list[str]]]] = unanswered
    """Carry out what was entered in a dialog of the panel, by the fields' custom ids."""
    reel_pressed: Handler[[ReelPress, list[str]]] = unanswered
    """Carry out what a button or a select about a reel is for, with the chosen values."""
    add_to_reel: Handler[[str]] = unanswered
    """Add the video of the job with this id to a reel."""
    reel_entered: Handler[[ReelPress, dict[str, list[str]]]] = unanswered
    """Carry out what was entered in a dialog about a reel, by the fields' custom ids."""
    cooldown: Cooldown = field(default_factory=Cooldown)
    editing_cooldown: Cooldown = field(default_factory=lambda: Cooldown(EDITING_PRESSES_MAX))


class _Client(Protocol):
    handlers: Handlers


def handlers_of(interaction: discord.Interaction[Any]) -> Handlers:
    """Return the handlers of the client that an interaction came to."""
    return cast("_Client", interaction.client).handlers


async def handle(
    handler: Callable[Concatenate[discord.Interaction[Any], P], Awaitable[None]],
    interaction: discord.Interaction[Any],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Call a handler in the member's language, and answer its errors. Too many presses are asked to wait."""
    await _handle(handlers_of(interaction).cooldown, interaction, lambda: handler(interaction, *args, **kwargs))


async def handle_edit(
    handler: Callable[Concatenate[discord.Interaction[Any], P], Awaitable[None]],
    interaction: discord.Interaction[Any],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Call a handler as `handle` does, for controls of which an editor presses many in a row."""
    await _handle(handlers_of(interaction).editing_cooldown, interaction, lambda: handler(interaction, *args, **kwargs))


async def _handle(
    cooldown: Cooldown, interaction: discord.Interaction[Any], call: Callable[[], Awaitable[None]]
) -> None:
    speak_to_member(interaction)
    began = time.monotonic()
    try:
        async with answering_errors(interaction):
            cooldown.press(interaction.user.id, began)
            await call()
    finally:
        kind = "dialog" if interaction.type is discord.InteractionType.modal_submit else "press"
        interaction.client.services.metrics.interaction_handled(kind, time.monotonic() - began)
