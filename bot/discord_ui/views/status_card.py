"""The public status card: one message that changes as its job moves."""

from typing import Any

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.card_files import picture_words
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import approval_words, may_cancel, ready_words, waiting_words
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.lineage_words import continues_words
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.quota_words import charged_words, held_words
from bot.discord_ui.views.reason_words import reason_words
from bot.discord_ui.views.settings_words import style_words
from bot.discord_ui.views.words import capitalised
from bot.domain.attachments import ON_CARD
from bot.domain.jobs import ACTIVE, JobState
from bot.engine.notifier import StatusCard

_COLOURS = {
    JobState.SUCCEEDED: discord.Colour(0x2D9D5C),
    JobState.FAILED: discord.Colour(0xD2453D),
    JobState.CANCELLED: discord.Colour(0x80848E),
}
_WORKING = discord.Colour(0x5865F2)
REASON_SHOWN = 500
"""Characters of a reason that are shown."""


def status_view(card: StatusCard) -> discord.ui.LayoutView:
    """Return the card as a message of Components V2."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOURS.get(card.state, _WORKING))
    headline: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(_headline(card))
    if len(card.pictures) == 1:
        picture: discord.ui.Thumbnail[Any] = discord.ui.Thumbnail(
            f"{ON_CARD}{card.pictures[0]}", description=picture_words(card)
        )
        container.add_item(discord.ui.Section(headline, accessory=picture))
    else:
        container.add_item(headline)
    if len(card.pictures) > 1:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        for name in card.pictures:
            gallery.add_item(media=f"{ON_CARD}{name}", description=picture_words(card))
        container.add_item(gallery)
    container.add_item(discord.ui.Separator())
    container.add_item(discord.ui.TextDisplay(f"{progress_words(card)}\n-# {_price(card)}"))
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
        discord.ui.TextDisplay(
            say(
                "-# {model} for {member}: {progress}",
                model=excerpt(card.model_name, 80),
                member=f"<@{card.member_id}>",
                progress=progress_words(card),
            )
        )
    )
    return view


def moved_view(card: StatusCard, moved_to: tuple[int, int]) -> discord.ui.LayoutView:
    """Return what stays of a card whose closing message was posted in another channel: one line with the link."""
    link = message_address(card.guild_id, *moved_to)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(
        discord.ui.TextDisplay(
            say(
                "🎬 **{model}** for {member}: {link}",
                model=excerpt(card.model_name, 80),
                member=f"<@{card.member_id}>",
                link=link,
            )
        )
    )
    return view


def _headline(card: StatusCard) -> str:
    lines = [say("**{model}** for {member}", model=excerpt(card.model_name, 80), member=f"<@{card.member_id}>")]
    if card.prompt.strip():
        lines.append(f"> {excerpt(card.prompt)}")
    if card.style is not None:
        lines.append(f"-# {capitalised(style_words(card.style))}")
    if card.parent is not None:
        lines.append(f"-# {continues_words(card.parent, card.guild_id)}")
    return "\n".join(lines)


def progress_words(card: StatusCard) -> str:
    """Return where a job stands and what to expect of it, in one line."""
    match card.state:
        case JobState.AWAITING:
            return " · ".join([say("⏸️ Waiting for a moderator's approval"), *approval_words(card.forecast)])
        case JobState.QUEUED if not card.forecast.is_starting:
            return " · ".join([say("⏳ Queued"), *waiting_words(card.forecast)])
        case JobState.QUEUED | JobState.SUBMITTING:
            return " · ".join([say("🎬 Starting"), *ready_words(card.forecast)])
        case JobState.RUNNING:
            return " · ".join([say("🎬 Rendering"), *ready_words(card.forecast)])
        case JobState.UNKNOWN:
            return say(
                "🔎 The provider's answer was lost: checking whether the render began, so that it is not paid twice"
            )
        case JobState.UNRESOLVED:
            return say("🔎 It is unclear what became of the render; the bot's owner was told and will decide")
        case JobState.SUCCEEDED:
            return say("✅ Done")
        case JobState.FAILED:
            if not card.reason:
                return say("❌ Failed")
            return say("❌ Failed: {reason}", reason=reason_words(card.reason, REASON_SHOWN))
        case JobState.CANCELLED:
            if not card.reason:
                return say("🚫 Cancelled")
            return say("🚫 Cancelled: {reason}", reason=reason_words(card.reason, REASON_SHOWN))


def _price(card: StatusCard) -> str:
    match card.state:
        case JobState.SUCCEEDED | JobState.FAILED:
            return charged_words(card.credits) if card.credits else say("Nothing was charged")
        case JobState.CANCELLED:
            return say("Nothing was charged")
        case _:
            return (
                held_words(card.credits)
                if card.price_certain
                else say_many("At most {count} credit held", "At most {count} credits held", card.credits)
            )
