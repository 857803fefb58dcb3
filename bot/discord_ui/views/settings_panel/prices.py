"""The page of the panel about prices: above which a request is asked about, and above which moderators approve it.

These are rules that `/quota set` changes, too. There is one place where they are stored, and one log of their changes.
"""

from collections.abc import Collection, Mapping
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, mark_on, say, say_on
from bot.discord_ui.views.audit_words import RULES
from bot.discord_ui.views.guild_setting_words import channel_words
from bot.discord_ui.views.settings_panel.controls import ask_button, channel_select, dialog
from bot.discord_ui.views.settings_panel.frame import Origin, setting_text
from bot.domain.audit import AuditEntry
from bot.domain.confirmation import parse_threshold, write_threshold
from bot.domain.guild_settings import fingerprint
from bot.domain.quota import Rules, parse_amount

PAGE = "prices"
TITLE = mark("Prices and approvals")
PRICES = ("price_max", "confirm_above", "approval_above")
CHANNEL = "approval_channel_id"
SHOWN = (*PRICES, CHANNEL)
"""Fields of Rules on this page, in order."""
AMOUNT = "amount"
"""The custom id of the dialog's field."""

_HINTS = {
    "price_max": mark("A dearer request is refused."),
    "confirm_above": mark("Before such a price is spent, the member is asked whether it is meant."),
    "approval_above": mark("A dearer request waits for a moderator, for a day at most."),
    "approval_channel_id": mark("Where moderators approve and deny. Whoever manages the server decides."),
}
_BUTTONS = {
    "price_max": mark_on("button", "Change the highest price…"),
    "confirm_above": mark_on("button", "Change when members are asked…"),
    "approval_above": mark_on("button", "Change the price that is approved…"),
}


def prices_items(
    rules: Rules, changes: Mapping[str, AuditEntry], known_ids: Collection[int]
) -> list[discord.ui.Item[Any]]:
    """Return the page. `changes` has the latest change of each rule; what never changed is missing."""
    items: list[discord.ui.Item[Any]] = []
    for rule, (name, value, origin) in zip(SHOWN, price_entries(rules, changes, known_ids), strict=True):
        items.append(setting_text(name, value, say(_HINTS[rule]), origin))
        stored = getattr(rules, rule)
        control = Control(PAGE, rule, fingerprint(stored))
        if rule == CHANNEL:
            chosen = [stored] if stored in known_ids else []
            items.append(
                channel_select(control, chosen, [discord.ChannelType.text], say_on("placeholder", "No channel"))
            )
        else:
            items.append(discord.ui.ActionRow(ask_button(control, say_on("button", _BUTTONS[rule]))))
    return items


def price_entries(
    rules: Rules, changes: Mapping[str, AuditEntry], known_ids: Collection[int]
) -> list[tuple[str, str, Origin | None]]:
    """Return each rule's name, its value in words, and where it came from."""
    entries = []
    for rule in SHOWN:
        value, change = getattr(rules, rule), changes.get(rule)
        words = rule_words(rule, value)
        if rule == CHANNEL and value is not None and value not in known_ids:
            words = channel_words(value, known_ids)
        entries.append((rule_name(rule), words, None if change is None else Origin(change.actor_id, change.created_at)))
    return entries


def rule_name(rule: str) -> str:
    """Return what a rule is called."""
    return say(RULES[rule][0])


def rule_words(rule: str, value: int | None) -> str:
    """Return a rule's value in words."""
    return RULES[rule][1](value)


def read_price(rule: str, text: str) -> int | None:
    """Read what was entered for a price. Raises NotPossible for what is none."""
    return parse_threshold(text) if rule == "confirm_above" else parse_amount(text)


def price_dialog(control: Control, value: int | None) -> discord.ui.Modal:
    """Return the dialog that asks for a price; `value` stands in it."""
    asked = dialog(control, rule_name(control.action))
    written, hint = "off" if value is None else f"{value}", say_on("command", "A number, or: off")
    if control.action == "confirm_above":
        written, hint = write_threshold(value), say_on("command", "A number, or: always, never, default")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id=AMOUNT, default=written, max_length=20)
    asked.add_item(discord.ui.Label(text=say_on("label", "Credits"), description=hint, component=field))
    return asked
