"""The dialogs of a reel: titles, title cards, pieces and places."""

from typing import Any

import discord

from bot.discord_ui.interactions.reel_press import ReelPress
from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.reel_panel.cards import trimmed_words
from bot.discord_ui.views.reel_panel.controls import dialog
from bot.domain.reel_rules import CARD_SECONDS, CARD_SECONDS_MAX, CARD_SECONDS_MIN, CARD_TEXT_MAX, TITLE_MAX
from bot.domain.reels import ReelClip, TitleCard

TITLE, TEXT, SECONDS, WHERE, START, END, PLACE = "title", "text", "seconds", "where", "start", "end", "place"
"""The custom ids of the fields."""
AT_THE_END, AT_THE_BEGINNING = "end", "beginning"
"""The choices of WHERE."""


def title_dialog(press: ReelPress, title: str) -> discord.ui.Modal:
    """Return the dialog for the title of a reel, which has the present one in it."""
    asked = dialog(press, say_on("title", "The title of the reel"))
    label = say_on("label", "Title")
    asked.add_item(_field(label, TITLE, title, maximum=TITLE_MAX))
    return asked


def card_dialog(press: ReelPress, card: TitleCard | None = None) -> discord.ui.Modal:
    """Return the dialog for a new title card, or for one that is in the reel."""
    asked = dialog(press, say_on("title", "Title card"))
    style = discord.TextStyle.paragraph
    asked.add_item(
        _field(say_on("label", "Words"), TEXT, card.text if card else "", maximum=CARD_TEXT_MAX, style=style)
    )
    low, high = int(CARD_SECONDS_MIN), int(CARD_SECONDS_MAX)
    asked.add_item(
        _field(
            say_on("label", "Seconds"),
            SECONDS,
            _plain(card.seconds if card else CARD_SECONDS),
            hint=say_on("command", "How long it stands: {low} to {high} seconds", low=low, high=high),
            maximum=10,
            required=False,
        )
    )
    if card is None:
        asked.add_item(_where())
    return asked


def trim_dialog(press: ReelPress, clip: ReelClip) -> discord.ui.Modal:
    """Return the dialog for the piece of a clip."""
    asked = dialog(press, say_on("title", "Trim the clip"))
    hint = trimmed_words(clip)
    end = "" if clip.end_ms is None else _plain(clip.end_ms / 1000)
    start = _plain(clip.start_ms / 1000)
    asked.add_item(_field(say_on("label", "Begin at"), START, start, hint=hint, maximum=10, required=False))
    asked.add_item(
        _field(
            say_on("label", "End at"),
            END,
            end,
            hint=say_on("command", "In seconds; empty means the end of the clip"),
            maximum=10,
            required=False,
        )
    )
    return asked


def move_dialog(press: ReelPress, place: int, count: int) -> discord.ui.Modal:
    """Return the dialog for the place of a part, which is counted from 0; people count from 1."""
    asked = dialog(press, say_on("title", "Move it"))
    hint = say_on("command", "A number from 1 to {count}", count=count)
    asked.add_item(_field(say_on("label", "Place in the reel"), PLACE, str(place + 1), hint=hint, maximum=4))
    return asked


def _field(
    label: str,
    name: str,
    value: str,
    *,
    maximum: int,
    hint: str | None = None,
    required: bool = True,
    style: discord.TextStyle = discord.TextStyle.short,
) -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, style=style, default=value or None, required=required, max_length=maximum
    )
    return discord.ui.Label(text=cut(label, 45), description=hint, component=field)


def _where() -> discord.ui.Label[Any]:
    options = [
        discord.SelectOption(label=say_on("choice", "At the end"), value=AT_THE_END, default=True),
        discord.SelectOption(label=say_on("choice", "At the beginning"), value=AT_THE_BEGINNING),
    ]
    select: discord.ui.Select[Any] = discord.ui.Select(custom_id=WHERE, options=options)
    return discord.ui.Label(text=say_on("label", "Where"), component=select)


def _plain(seconds: float) -> str:
    """Return seconds as a member may type them; nothing for the beginning."""
    return f"{seconds:g}" if seconds else ""
