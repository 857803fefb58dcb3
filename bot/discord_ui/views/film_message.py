"""The card of a film under way, and the buttons of a film that was posted, which are also its mark in a channel."""

import re
from collections.abc import Iterable
from typing import Any, Self

import discord

from bot.discord_ui.interactions.film_action import FilmAction
from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark_on, say_on
from bot.discord_ui.views.film_words import card_words
from bot.discord_ui.views.job_button import PREFIX
from bot.engine.reel_poster import FilmCard

_LOOKS = {FilmAction.DELETE: (mark_on("button", "Delete"), discord.ButtonStyle.secondary)}
_TEMPLATE = re.compile(rf"{PREFIX}:film:(?P<action>{'|'.join(FilmAction)}):(?P<render>[0-9]{{1,18}})")
_COLOUR = discord.Colour(0x5865F2)


class FilmButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """One action on a film."""

    def __init__(self, action: FilmAction, render_id: int) -> None:
        words, style = _LOOKS[action]
        custom_id = f"{PREFIX}:film:{action}:{render_id}"
        super().__init__(discord.ui.Button(label=say_on("button", words), style=style, custom_id=custom_id))
        self.action = action
        self.render_id = render_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(FilmAction(match["action"]), int(match["render"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).film_button, interaction, self.action, self.render_id)


def film_view(render_id: int) -> discord.ui.View:
    """Return the buttons of a film's message."""
    view = discord.ui.View(timeout=None)
    for action in FilmAction:
        view.add_item(FilmButton(action, render_id))
    return view


def film_card(card: FilmCard) -> discord.ui.LayoutView:
    """Return the card of a film under way."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOUR)
    container.add_item(discord.ui.TextDisplay(card_words(card)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def film_in(components: Iterable[object]) -> int | None:
    """Return the render whose film a message of the bot has, by its buttons; None for other messages."""
    for component in components:
        match = _TEMPLATE.fullmatch(str(getattr(component, "custom_id", None) or ""))
        if match is not None:
            return int(match["render"])
        found = film_in(getattr(component, "children", ()))
        if found is not None:
            return found
    return None
