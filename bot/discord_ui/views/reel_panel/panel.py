"""The panel of a reel: what everybody in its channel sees, a few parts to a page."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.discord_ui.interactions.reel_press import ReelAction, ReelPress
from bot.discord_ui.language.speaking import say, say_on
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.reel_panel.controls import reel_button, reel_select
from bot.discord_ui.views.reel_panel.words import part_label, part_words, summary_words, title_of
from bot.domain.reels import ClipCondition, ReelClip, ReelPart
from bot.services.reel_views import ReelView

PAGE_SIZE = 7
"""Parts on a page. With a picture each, their components and the controls are the 40 that a message may have."""


def page_of(view: ReelView, part_id: int | None) -> int:
    """Return the page, from 0, on which a part is; the first one where it is not in the reel."""
    place = None if part_id is None else view.place_of(part_id)
    return 0 if place is None else place // PAGE_SIZE


def shown_parts(view: ReelView, page: int) -> list[tuple[int, ReelPart]]:
    """Return the parts of a page with their places, from 0. A page beyond the last one is the last one."""
    first = _within(view, page) * PAGE_SIZE
    return list(enumerate(view.parts))[first : first + PAGE_SIZE]


def panel_view(view: ReelView, page: int, pictures: Mapping[int, str]) -> discord.ui.LayoutView:
    """Return a page of the panel. `pictures` names the attached picture of each clip that has one, by the clip's id."""
    page = _within(view, page)
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(f"## 🎞️ {title_of(view.reel)}\n{summary_words(view)}"))
    shown = shown_parts(view, page)
    for place, part in shown:
        container.add_item(part_item(part, place, pictures.get(part.id)))
    if shown:
        options = [
            discord.SelectOption(label=cut(part_label(part, place), CHOICE_MAX), value=str(part.id))
            for place, part in shown
        ]
        press = _press(view, ReelAction.PART)
        container.add_item(reel_select(press, options, say_on("placeholder", "Move, trim or cut out one of these")))
    container.add_item(_buttons(view))
    if len(view.parts) > PAGE_SIZE:
        container.add_item(_pages(view, page))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def part_item(part: ReelPart, place: int, picture: str | None) -> discord.ui.Item[Any]:
    """Return a part, with the attached picture of this name beside it."""
    words = discord.ui.TextDisplay[Any](part_words(part, place))
    if picture is None:
        return words
    description = alternative_text(part, place)
    thumbnail: discord.ui.Thumbnail[Any] = discord.ui.Thumbnail(f"attachment://{picture}", description=description)
    return discord.ui.Section(words, accessory=thumbnail)


def alternative_text(part: ReelPart, place: int) -> str:
    """Return what a part's picture is, for people who do not see it."""
    return cut(say("Picture of clip {label}", label=part_label(part, place)), 250)


def _buttons(view: ReelView) -> discord.ui.ActionRow[Any]:
    ready = [part for part in view.parts if isinstance(part, ReelClip) and part.condition is ClipCondition.READY]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(
        reel_button(
            _press(view, ReelAction.RENDER),
            say_on("button", "Make the film"),
            discord.ButtonStyle.primary,
            disabled=not ready or view.render is not None,
        )
    )
    if ready:
        row.add_item(reel_button(_press(view, ReelAction.CONTINUE), say_on("button", "Continue the reel")))
    row.add_item(reel_button(_press(view, ReelAction.CARD), say_on("button", "Title card")))
    row.add_item(reel_button(_press(view, ReelAction.OPTIONS), say_on("button", "Options")))
    return row


def _pages(view: ReelView, page: int) -> discord.ui.ActionRow[Any]:
    pages = -(-len(view.parts) // PAGE_SIZE)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    before = ReelPress(ReelAction.PAGE, view.reel.id, view.reel.version, str(max(page - 1, 0)))
    row.add_item(reel_button(before, say_on("button", "Previous"), disabled=page == 0))
    # Two buttons of one message may not share a custom id: beyond the last page it is disabled anyway.
    after = ReelPress(ReelAction.PAGE, view.reel.id, view.reel.version, str(page + 1))
    label = say_on("button", "Next ({page} of {pages})", page=page + 1, pages=pages)
    row.add_item(reel_button(after, label, disabled=page == pages - 1))
    return row


def _press(view: ReelView, action: ReelAction) -> ReelPress:
    return ReelPress(action, view.reel.id, view.reel.version)


def _within(view: ReelView, page: int) -> int:
    return min(max(page, 0), max(0, -(-len(view.parts) // PAGE_SIZE) - 1))
