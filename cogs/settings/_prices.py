"""The page about prices and approvals: the rules that `/quota set` changes, too."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.limit_warnings import warned
from bot.discord_ui.views.settings_panel import prices
from bot.discord_ui.views.settings_panel.frame import Origin, changed
from cogs.settings._channels import POSTING, writable_channel
from cogs.settings._page import Page, Panel


class PricesPage(Page):
    """Chooses the prices, and the channel in which moderators are asked."""

    key = prices.PAGE
    title = prices.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        rules, changes = await panel.services.credits.rule_changes(panel.guild.id, prices.SHOWN)
        return prices.prices_items(rules, changes, panel.known_ids)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return the page's rules."""
        rules, changes = await panel.services.credits.rule_changes(panel.guild.id, prices.SHOWN)
        return prices.price_entries(rules, changes, panel.known_ids)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Set the channel in which moderators are asked."""
        if control.action != prices.CHANNEL:
            return await super().use(panel, control, values, offered)
        return await self._change(panel, control, writable_channel(panel, values, POSTING))

    async def dialog(self, panel: Panel, control: Control) -> discord.ui.Modal:
        """Ask for a price."""
        if control.action not in prices.PRICES:
            return await super().dialog(panel, control)
        rules, _ = await panel.services.credits.rule_changes(panel.guild.id, ())
        return prices.price_dialog(control, getattr(rules, control.action))

    async def enter(self, panel: Panel, control: Control, fields: Mapping[str, list[str]]) -> str | None:
        """Set a price."""
        if control.action not in prices.PRICES:
            return await super().enter(panel, control, fields)
        entered = "".join(fields.get(prices.AMOUNT, ()))
        return await self._change(panel, control, prices.read_price(control.action, entered))

    @staticmethod
    async def _change(panel: Panel, control: Control, value: int | None) -> str:
        await panel.services.credits.change_seen_rule(
            panel.guild.id, panel.actor_id, control.action, value, seen=control.argument
        )
        note = changed(prices.rule_name(control.action), prices.rule_words(control.action, value))
        warnings = await panel.services.credits.warnings_about(panel.guild.id, control.action)
        return warned(note, warnings, {role.id for role in panel.guild.roles})
