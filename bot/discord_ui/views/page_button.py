"""Buttons that turn the pages of a list, and work for ever: their custom id holds the list and the page."""

import re
from enum import StrEnum
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.job_button import PREFIX


class PagedList(StrEnum):
    """The lists with pages of their own, as custom ids name them."""

    MODELS = "models"
    GUILDS = "guilds"


_TEMPLATE = re.compile(rf"{PREFIX}:(?P<list>{'|'.join(PagedList)}):(?P<page>[0-9]{{1,6}})")


class PageButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Turns to a page of a list, counted from 0."""

    def __init__(self, paged: PagedList, page: int, label: str = "…", *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:{paged}:{page}",
                disabled=disabled,
            )
        )
        self.paged = paged
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(PagedList(match["list"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        handlers = handlers_of(interaction)
        turn = {PagedList.MODELS: handlers.models_page, PagedList.GUILDS: handlers.guilds_page}[self.paged]
        await handle(turn, interaction, self.page)


def page_row(paged: PagedList, page: int, pages: int) -> discord.ui.ActionRow[Any]:
    """Return the buttons to the page before and after one of several, counted from 0."""
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(PageButton(paged, max(page - 1, 0), say_on("button", "Previous"), disabled=page == 0))
    label = say_on("button", "Next ({page} of {pages})", page=page + 1, pages=pages)
    # Two buttons of one message may not share a custom id: beyond the last page it is disabled anyway.
    row.add_item(PageButton(paged, page + 1, label, disabled=page == pages - 1))
    return row
