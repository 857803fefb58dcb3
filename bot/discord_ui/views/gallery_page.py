"""`/gallery`: a page of a server's results, with selects to filter it and buttons to turn it, which work for ever.

A custom id holds the whole filter, so a page can be turned after a restart.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark_on, say, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, CHOICE_MAX, CHOICES_MAX, cut
from bot.discord_ui.views.turns import IN_ORDER, Turn, turn_button
from bot.discord_ui.views.words import NameOf, person, relative
from bot.domain.gallery import REELS, GalleryFilter, GalleryKind, GalleryOrder, model_key
from bot.services.gallery import GalleryItem, GalleryPage

WORDS_SHOWN = 80
"""Characters of a prompt or title on a page."""
NAME_SHOWN = 50
"""Characters of a model's name on a page."""
EVERYTHING = "all"
"""The value of the choice that filters by no model."""

_FILTER = r"(?P<order>new|week|month|best):(?P<model>all|[0-9a-f]{8}):(?P<member>[0-9]{1,20}):(?P<page>[0-9]{1,6})"
_ORDERS = {
    GalleryOrder.NEWEST: mark_on("choice", "Newest first"),
    GalleryOrder.BEST_OF_WEEK: mark_on("choice", "Most liked of the last 7 days"),
    GalleryOrder.BEST_OF_MONTH: mark_on("choice", "Most liked of the last 30 days"),
    GalleryOrder.BEST: mark_on("choice", "Most liked of all"),
}


class GalleryTurn(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:gallery:(?P<turn>{'|'.join(Turn)}):{_FILTER}"),
):
    """Shows a page of the gallery."""

    def __init__(self, turn: Turn, wanted: GalleryFilter, *, disabled: bool = False) -> None:
        super().__init__(
            turn_button(turn, IN_ORDER, f"{PREFIX}:gallery:{turn}:{_filter_id(wanted)}", disabled=disabled)
        )
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(Turn(match["turn"]), _filter_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).gallery_page, interaction, self.wanted)


class GalleryOut(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:gallery:(?P<out>out|in):{_FILTER}"),
):
    """Keeps the presser's results out of the gallery, or lets them in again."""

    def __init__(self, wanted: GalleryFilter, *, out: bool) -> None:
        label = say_on("button", "Keep my videos out") if out else say_on("button", "Show my videos again")
        super().__init__(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:gallery:{'out' if out else 'in'}:{_filter_id(wanted)}",
            )
        )
        self.wanted = wanted
        self.out = out

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(_filter_of(match), out=match["out"] == "out")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).gallery_out, interaction, self.out, self.wanted)


class GallerySelect(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=re.compile(rf"{PREFIX}:gallery:by-(?P<field>order|model|member):{_FILTER}"),
):
    """Changes one part of the filter, and shows the first page."""

    def __init__(self, item: discord.ui.Item[Any], field: str, wanted: GalleryFilter) -> None:
        super().__init__(item)
        self.field = field
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the select anew when something is chosen in it."""
        return cls(item, match["field"], _filter_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on."""
        data: Any = interaction.data
        values: list[str] = list(data.get("values") or ())
        await handle(handlers_of(interaction).gallery_page, interaction, _chosen(self.wanted, self.field, values))


def gallery_view(
    page: GalleryPage, addresses: Mapping[int, str], name_of: NameOf, done: str | None = None
) -> discord.ui.LayoutView:
    """Return a page of the gallery. `addresses` has the videos' addresses by message id, as far as they are known.

    `done` says what came of the press that led to it.
    """
    container: discord.ui.Container[Any] = discord.ui.Container()
    gallery = say("Gallery")
    title = f"## {gallery}"
    container.add_item(discord.ui.TextDisplay(title if done is None else f"{title}\n{done}"))
    shown = [
        discord.MediaGalleryItem(addresses[item.entry.message_id], description=alternative_text(number, item))
        for number, item in _numbered(page)
        if item.entry.message_id in addresses
    ]
    if shown:
        container.add_item(discord.ui.MediaGallery(*shown))
    lines = [_line(number, item) for number, item in _numbered(page)]
    container.add_item(discord.ui.TextDisplay("\n".join(lines) if lines else _nothing(page)))
    container.add_item(_order_row(page.wanted))
    if page.models:
        container.add_item(_model_row(page, name_of))
    container.add_item(_member_row(page.wanted))
    container.add_item(_turns(page))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def alternative_text(number: int, item: GalleryItem) -> str:
    """Describe a video for people who do not see it."""
    words = item.words or (item.name if item.entry.kind is GalleryKind.VIDEO else say("a reel"))
    return cut(say("Number {number}: {words}", number=number, words=words), ALTERNATIVE_TEXT_MAX)


def out_note(*, out: bool) -> str:
    """Say what was changed about a member's own results."""
    if out:
        return say(
            "✅ Your videos here are kept out of the gallery, the showcase and the reel of the week. "
            "What stood in the showcase is taken out."
        )
    return say("✅ Your videos here may be shown in the gallery and the showcase again.")


def _numbered(page: GalleryPage) -> list[tuple[int, GalleryItem]]:
    return list(enumerate(page.items, 1))


def _line(number: int, item: GalleryItem) -> str:
    entry = item.entry
    name = say("Reel") if entry.kind is GalleryKind.REEL else excerpt(item.name, NAME_SHOWN)
    words = [
        f"**{number}. {name}**",
        person(entry.member_id),
        relative(entry.posted_at),
        *([f"❤️ {entry.likes}"] if entry.likes else []),
        message_address(entry.guild_id, entry.channel_id, entry.message_id),
    ]
    lines = [" · ".join(words)]
    if item.words:
        lines.append(f"> {excerpt(item.words, WORDS_SHOWN)}")
    return "\n".join(lines)


def _nothing(page: GalleryPage) -> str:
    if page.wanted != GalleryFilter():
        return say("Nothing here fits.")
    return say("Nothing here yet. `/models` shows what can be made.")


def _order_row(wanted: GalleryFilter) -> discord.ui.ActionRow[Any]:
    options = [
        discord.SelectOption(label=say_on("choice", words), value=order, default=order is wanted.order)
        for order, words in _ORDERS.items()
    ]
    return _select_row("order", wanted, options)


def _model_row(page: GalleryPage, name_of: NameOf) -> discord.ui.ActionRow[Any]:
    chosen = page.wanted.model
    slugs = sorted(page.models, key=lambda slug: (model_key(slug) != chosen, slug != REELS, _model_name(slug, name_of)))
    everything = discord.SelectOption(
        label=say_on("choice", "All models and reels"), value=EVERYTHING, default=chosen is None
    )
    options = [everything] + [
        discord.SelectOption(
            label=cut(_model_name(slug, name_of), CHOICE_MAX),
            value=model_key(slug),
            default=model_key(slug) == chosen,
        )
        for slug in slugs[: CHOICES_MAX - 1]
    ]
    return _select_row("model", page.wanted, options)


def _model_name(slug: str, name_of: NameOf) -> str:
    """Return the name of a model, or words for all reels."""
    return say_on("choice", "Reels") if slug == REELS else name_of(slug)


def _select_row(
    field: str, wanted: GalleryFilter, options: Sequence[discord.SelectOption]
) -> discord.ui.ActionRow[Any]:
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=f"{PREFIX}:gallery:by-{field}:{_filter_id(wanted)}", options=list(options)
    )
    return discord.ui.ActionRow(GallerySelect(select, field, wanted))


def _member_row(wanted: GalleryFilter) -> discord.ui.ActionRow[Any]:
    chosen = [] if wanted.member_id is None else [discord.Object(wanted.member_id)]
    select: discord.ui.UserSelect[Any] = discord.ui.UserSelect(
        custom_id=f"{PREFIX}:gallery:by-member:{_filter_id(wanted)}",
        placeholder=say_on("placeholder", "Made by anybody"),
        min_values=0,
        default_values=[discord.SelectDefaultValue.from_user(one) for one in chosen],
    )
    return discord.ui.ActionRow(GallerySelect(select, "member", wanted))


def _turns(page: GalleryPage) -> discord.ui.ActionRow[Any]:
    wanted = page.wanted
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if wanted.page or page.has_more:
        back = replace(wanted, page=max(0, wanted.page - 1))
        row.add_item(GalleryTurn(Turn.BACK, back, disabled=wanted.page == 0))
    row.add_item(GalleryTurn(Turn.STAY, wanted))
    if wanted.page or page.has_more:
        row.add_item(GalleryTurn(Turn.NEXT, replace(wanted, page=wanted.page + 1), disabled=not page.has_more))
    row.add_item(GalleryOut(wanted, out=not page.kept_out))
    return row


def _chosen(wanted: GalleryFilter, field: str, values: Sequence[str]) -> GalleryFilter:
    value = values[0] if values else None
    match field:
        case "order":
            return replace(wanted, order=GalleryOrder(value or GalleryOrder.NEWEST), page=0)
        case "model":
            return replace(wanted, model=None if value == EVERYTHING else value, page=0)
        case _:
            return replace(wanted, member_id=None if value is None else int(value), page=0)


def _filter_id(wanted: GalleryFilter) -> str:
    return f"{wanted.order}:{wanted.model or EVERYTHING}:{wanted.member_id or 0}:{wanted.page}"


def _filter_of(match: re.Match[str]) -> GalleryFilter:
    model = None if match["model"] == EVERYTHING else match["model"]
    return GalleryFilter(GalleryOrder(match["order"]), model, int(match["member"]) or None, int(match["page"]))
