"""The public card of a comparison: one message that changes as its jobs move."""

from typing import Any

import discord

from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.comparison_button import ComparisonButton
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import may_cancel
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.quota_words import charged_words, held_words
from bot.discord_ui.views.settings_words import style_words
from bot.discord_ui.views.status_card import progress_words
from bot.discord_ui.views.words import capitalised
from bot.domain.jobs import ACTIVE
from bot.engine.comparison_notifier import ComparisonCard

_COLOUR = discord.Colour(0x5865F2)
NAME_SHOWN = 80
"""Characters of a model's name that are shown."""


def comparison_view(card: ComparisonCard) -> discord.ui.LayoutView:
    """Return the card as a message of Components V2."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOUR)
    container.add_item(discord.ui.TextDisplay(_headline(card)))
    container.add_item(discord.ui.Separator())
    lines = [
        say("**{model}**: {progress}", model=excerpt(job.model_name, NAME_SHOWN), progress=progress_words(job))
        for job in card.jobs
    ]
    container.add_item(discord.ui.TextDisplay("\n".join([*lines, f"-# {_price(card)}"])))
    if any(job.state in ACTIVE for job in card.jobs):
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        if any(may_cancel(job.state, job.forecast) for job in card.jobs):
            row.add_item(ComparisonButton(ComparisonAction.CANCEL, card.comparison_id))
        row.add_item(ComparisonButton(ComparisonAction.DETAILS, card.comparison_id))
        container.add_item(row)
    return _of(container)


def ended_comparison_view(card: ComparisonCard) -> discord.ui.LayoutView:
    """Return what remains of a card that cannot be deleted: one line, with the link where the message is elsewhere."""
    member = f"<@{card.member_id}>"
    if card.moved_to is None:
        return _of(discord.ui.TextDisplay(say("-# A comparison of models for {member} has ended.", member=member)))
    link = message_address(card.guild_id, *card.moved_to)
    return _of(discord.ui.TextDisplay(say("🎬 **Comparison** for {member}: {link}", member=member, link=link)))


def _headline(card: ComparisonCard) -> str:
    title = say_many(
        "**Comparison of {count} model** for {member}",
        "**Comparison of {count} models** for {member}",
        len(card.jobs),
        member=f"<@{card.member_id}>",
    )
    style = card.jobs[0].style if card.jobs else None
    lines = [title, *([f"> {excerpt(card.prompt)}"] if card.prompt.strip() else [])]
    return "\n".join([*lines, *([] if style is None else [f"-# {capitalised(style_words(style))}"])])


def _price(card: ComparisonCard) -> str:
    """Return what is held for those under way and what was charged for the others: "100 credits held"."""
    held = sum(job.credits for job in card.jobs if job.state in ACTIVE)
    charged = sum(job.credits for job in card.jobs if job.state not in ACTIVE)
    certain = all(job.price_certain for job in card.jobs if job.state in ACTIVE)
    words = []
    if held:
        words.append(
            held_words(held)
            if certain
            else say_many("At most {count} credit held", "At most {count} credits held", held)
        )
    if charged:
        words.append(charged_words(charged))
    return " · ".join(words) or say("Nothing was charged")


def _of(item: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(item)
    return view
