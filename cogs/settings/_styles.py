"""The page about styles."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.settings_panel import styles
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.styles import FIXABLE, Style, StyleDraft, read_draft
from bot.domain.styling import unknown_option
from cogs.settings._page import Page, Panel


class StylesPage(Page):
    """Saves, changes and removes styles."""

    key = styles.PAGE
    title = styles.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page, with the style that was shown last."""
        shown = None if panel.control is None else _style_id(panel.control, panel.chosen)
        return styles.styles_items(await panel.services.styles.of_guild(panel.guild.id), shown)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return how many styles there are, and who saved one last."""
        saved = await panel.services.styles.of_guild(panel.guild.id)
        last = max(saved, key=lambda style: style.changed_at, default=None)
        origin = None if last is None else Origin(last.actor_id, last.changed_at)
        return [(say(styles.TITLE), styles.styles_summary(len(saved)), origin)]

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Show a style whole, or remove the one that is shown."""
        if control.action == styles.LOOK:
            return None
        if control.action == styles.REMOVE:
            style_id, seen = _seen(control)
            removed = await panel.services.styles.remove(panel.guild.id, panel.actor_id, style_id, seen=seen)
            return styles.removed_note(removed.name)
        return await super().use(panel, control, values, offered)

    async def dialog(self, panel: Panel, control: Control) -> discord.ui.Modal:
        """Return the dialog for a new style, or with what the shown one has."""
        if control.action == styles.ADD:
            return styles.style_dialog(control, None)
        if control.action != styles.EDIT:
            return await super().dialog(panel, control)
        return styles.style_dialog(control, (await _shown(panel, control)).draft)

    async def enter(self, panel: Panel, control: Control, fields: Mapping[str, list[str]]) -> str | None:
        """Save what was entered."""
        if control.action not in (styles.ADD, styles.EDIT):
            return await super().enter(panel, control, fields)
        draft = _draft(panel, {name: "".join(entered) for name, entered in fields.items()})
        if control.action == styles.ADD:
            await panel.services.styles.add(panel.guild.id, panel.actor_id, draft)
        else:
            style_id, seen = _seen(control)
            await panel.services.styles.change(panel.guild.id, panel.actor_id, style_id, draft, seen=seen)
        return styles.saved_note(draft.name)


def _draft(panel: Panel, entered: Mapping[str, str]) -> StyleDraft:
    """Return the style that was entered. Raises NotPossible, also for an option that no model here takes."""
    options = {option: entered.get(option, "") for option in FIXABLE}
    draft = read_draft(entered.get(styles.NAME, ""), entered.get(styles.TEMPLATE, ""), options)
    catalogue = panel.services.catalogue.current
    unknown = None if catalogue is None else unknown_option(draft, catalogue.models)
    if unknown is not None:
        option, value = unknown
        raise NotPossible(Impossible.NO_MODEL_HAS, option=option, value=value)
    return draft


async def _shown(panel: Panel, control: Control) -> Style:
    """Return the style that a button is about. Raises NotPossible where it was removed or changed meanwhile."""
    style_id, seen = _seen(control)
    style = await panel.services.styles.find(panel.guild.id, style_id)
    if style is None:
        raise NotPossible(Impossible.NO_SUCH_STYLE)
    if style.draft.seen != seen:
        raise NotPossible(Impossible.CHANGED_MEANWHILE)
    return style


def _seen(control: Control) -> tuple[int, str]:
    style_id, _, seen = control.argument.partition(".")
    return int(style_id or 0), seen


def _style_id(control: Control, chosen: Sequence[str]) -> int | None:
    """Return the style that was chosen, or that a control was about; None for the other controls of the page."""
    number = "".join(chosen[:1]) if control.action == styles.LOOK else control.argument.partition(".")[0]
    return int(number) if number.isdigit() else None
