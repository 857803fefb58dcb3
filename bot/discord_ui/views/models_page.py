"""`/models`: what each model takes and costs and how long it usually needs here, a few models to a page."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.model_words import price_words, shown_name, usual_time
from bot.discord_ui.views.words import counted
from bot.domain.capabilities import Audio, Capability, Count, Need
from bot.domain.durations import Durations
from bot.domain.fields import options_for
from bot.services.commands import CommandName

PAGE_SIZE = 5
"""Models on a page."""
_TEMPLATE = re.compile(rf"{PREFIX}:models:(?P<page>[0-9]{{1,4}})")


class ModelsPage(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Turns to a page of `/models`, counted from 0."""

    def __init__(self, page: int, label: str, *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:models:{page}",
                disabled=disabled,
            )
        )
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(int(match["page"]), "…")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).models_page, interaction, self.page)


def models_view(
    models: Sequence[Capability],
    names: Mapping[str, CommandName],
    durations_of: Callable[[str], Durations],
    page: int,
    not_allowed: int = 0,
) -> discord.ui.LayoutView:
    """Return one page of the models, in the order of their commands. A page beyond the last one is the last one.

    `not_allowed` counts the models that the server does not allow.
    """
    ordered = sorted(models, key=lambda model: (names.get(model.slug, CommandName("~", "")), model.name))
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    container: discord.ui.Container[Any] = discord.ui.Container()
    others = f"\n-# {counted(not_allowed, 'other model')} may not be used in this server." if not_allowed else ""
    container.add_item(discord.ui.TextDisplay(f"## {counted(len(ordered), 'model')}{others}"))
    for model in ordered[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]:
        container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(model_text(model, names.get(model.slug), durations_of(model.slug))))
    if pages > 1:
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        row.add_item(ModelsPage(max(page - 1, 0), "Previous", disabled=page == 0))
        # Two buttons of one message may not share a custom id: beyond the last page it is disabled anyway.
        row.add_item(ModelsPage(page + 1, f"Next ({page + 1} of {pages})", disabled=page == pages - 1))
        container.add_item(row)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def model_text(model: Capability, name: CommandName | None, durations: Durations) -> str:
    """Describe a model in three lines: name and command, what it takes, what it costs."""
    title = f"**{escape(shown_name(model))}**" + (f"  `{name}`" if name is not None else "  (no command: no room)")
    about = f"{escape(cut(model.description, 100))}\n" if model.description.strip() else ""
    cost = f"{price_words(model)} · usually {usual_time(durations)}"
    return f"{title}\n{about}{cut(' · '.join(takes(model)), 200)}\n-# {cost}"


def takes(model: Capability) -> list[str]:
    """Return what a model lets a member choose, each in a few words."""
    words = [_list(model.aspect_ratios), _lengths(model), _list(model.quality_modes)]
    if model.prompt is not Need.NONE:
        limit = f" up to {model.prompt_max:,} characters" if model.prompt_max else ""
        words.append(f"{'prompt' if model.prompt is Need.REQUIRED else 'optional prompt'}{limit}")
    words += [_count(model.images, "image"), _count(model.videos, "clip")]
    if model.start_end_frames or any(spec.name == "first_frame" for spec in options_for(model)):
        words.append("first and last frame")
    if any(spec.name.startswith("reference_") for spec in options_for(model)):
        words.append("references")
    words.append({Audio.NATIVE: "always with sound", Audio.OPTIONAL: "sound if you like"}.get(model.audio, ""))
    return [word for word in words if word]


def _list(values: Sequence[str]) -> str:
    shown = ", ".join(values[:6])
    return escape(f"{shown} and {len(values) - 6} more" if len(values) > 6 else shown)


def _lengths(model: Capability) -> str:
    lengths = model.durations
    if not lengths:
        return f"as long as the clip, up to {model.clip_seconds.maximum} s" if model.clip_seconds else ""
    if len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1)):
        return f"{lengths[0]} to {lengths[-1]} s"
    return f"{', '.join(map(str, lengths[:8]))} s"


def _count(count: Count, what: str) -> str:
    if not count.maximum:
        return ""
    if count.minimum == count.maximum:
        return counted(count.maximum, what)
    least = f"{count.minimum} to " if count.minimum else "up to "
    return f"{least}{counted(count.maximum, what)}"
