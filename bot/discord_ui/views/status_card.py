"""The public status card: one message that changes as its job moves."""

from typing import Any

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import approval_words, may_cancel, ready_words, waiting_words
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.jobs import ACTIVE, JobState
from bot.engine.notifier import StatusCard

_COLOURS = {
    JobState.SUCCEEDED: discord.Colour(0x2D9D5C),
    JobState.FAILED: discord.Colour(0xD2453D),
    JobState.CANCELLED: discord.Colour(0x80848E),
}
_WORKING = discord.Colour(0x5865F2)


def status_view(card: StatusCard) -> discord.ui.LayoutView:
    """Return the card as a message of Components V2."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOURS.get(card.state, _WORKING))
    container.add_item(discord.ui.TextDisplay(_headline(card)))
    container.add_item(discord.ui.Separator())
    container.add_item(discord.ui.TextDisplay(f"{_progress(card)}\n-# {_price(card)}"))
    if card.state in ACTIVE:
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        if may_cancel(card.state, card.forecast):
            row.add_item(JobButton(JobAction.CANCEL, card.job_id))
        row.add_item(JobButton(JobAction.DETAILS, card.job_id))
        container.add_item(row)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def ended_view(card: StatusCard) -> discord.ui.LayoutView:
    """Return what remains of a card that cannot be deleted, once the closing message stands: one line."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(
        discord.ui.TextDisplay(f"-# {excerpt(card.model_name, 80)} for <@{card.member_id}>: {_progress(card)}")
    )
    return view


def moved_view(card: StatusCard, moved_to: tuple[int, int]) -> discord.ui.LayoutView:
    """Return what stays of a card whose closing message was posted in another channel: one line with the link."""
    link = message_address(card.guild_id, *moved_to)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(f"🎬 **{excerpt(card.model_name, 80)}** for <@{card.member_id}>: {link}"))
    return view


def _headline(card: StatusCard) -> str:
    title = f"**{excerpt(card.model_name, 80)}** for <@{card.member_id}>"
    return f"{title}\n> {excerpt(card.prompt)}" if card.prompt.strip() else title


def _progress(card: StatusCard) -> str:
    match card.state:
        case JobState.AWAITING:
            return " · ".join(["⏸️ Waiting for a moderator's approval", *approval_words(card.forecast)])
        case JobState.QUEUED if not card.forecast.is_starting:
            return " · ".join(["⏳ Queued", *waiting_words(card.forecast)])
        case JobState.QUEUED | JobState.SUBMITTING:
            return " · ".join(["🎬 Starting", *ready_words(card.forecast)])
        case JobState.RUNNING:
            return " · ".join(["🎬 Rendering", *ready_words(card.forecast)])
        case JobState.UNKNOWN:
            return "🔎 The provider's answer was lost: checking whether the render began, so that it is not paid twice"
        case JobState.UNRESOLVED:
            return "🔎 It is unclear what became of the render; the bot's owner was told and will decide"
        case JobState.SUCCEEDED:
            return "✅ Done"
        case JobState.FAILED:
            return f"❌ Failed{_because(card)}"
        case JobState.CANCELLED:
            return f"🚫 Cancelled{_because(card)}"


def _because(card: StatusCard) -> str:
    return f": {excerpt(card.reason, 500)}" if card.reason else ""


def _price(card: StatusCard) -> str:
    match card.state:
        case JobState.SUCCEEDED | JobState.FAILED:
            return f"{amount_words(card.credits)} charged" if card.credits else "Nothing was charged"
        case JobState.CANCELLED:
            return "Nothing was charged"
        case _:
            return (
                f"{amount_words(card.credits)} held"
                if card.price_certain
                else f"At most {amount_words(card.credits)} held"
            )
