"""The page of the panel about blocked members, refusals for content, and what waits for moderators."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.guild_setting_words import value_words
from bot.discord_ui.views.incident_card import incident_label, incident_line
from bot.discord_ui.views.message_limits import CHOICES_MAX, fitting_lines
from bot.discord_ui.views.moderation_dialogs import MEMBER, add_block_fields
from bot.discord_ui.views.moderation_words import until
from bot.discord_ui.views.settings_panel.controls import ask_button, dialog, string_select, user_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.words import pair, person
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint
from bot.domain.moderation import BlockKind, Incident, MemberBlock

PAGE = "members"
TITLE = mark("Members and reports")
BLOCK, LIFT, OPEN = "block", "lift", "open"
LIST_MAX = 900
"""Characters of each list."""
REFUSALS = (1, 2, 3, 5, 10)
PAUSE_HOURS = (1, 6, 24, 72, 168)
NOBODY = "none"
"""The value of the choice that pauses nobody."""


def members_items(
    view: SettingsView, blocks: Sequence[MemberBlock], incidents: Sequence[Incident]
) -> list[discord.ui.Item[Any]]:
    """Return the page."""
    items: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(_waiting(incidents))]
    if incidents:
        options = [
            discord.SelectOption(label=f"{number}. {incident_label(one)}", value=str(one.id))
            for number, one in enumerate(incidents[:CHOICES_MAX], start=1)
        ]
        items.append(
            string_select(Control(PAGE, OPEN), options, say_on("placeholder", "Open one, to decide about it…"), high=1)
        )
    items.append(discord.ui.TextDisplay(_blocked(blocks)))
    if blocks:
        items.append(user_select(Control(PAGE, LIFT), say_on("placeholder", "Let a member ask again…")))
    items.append(discord.ui.ActionRow(ask_button(Control(PAGE, BLOCK), say_on("button", "Block a member…"))))
    refusals, hours = GuildSetting.CONTENT_REFUSALS_MAX, GuildSetting.CONTENT_PAUSE_HOURS
    allowed = view.settings.content_refusals_max
    items.append(text_of(view, refusals, value_words(refusals, allowed)))
    choices = [(str(number), say_many("{count} refusal", "{count} refusals", number)) for number in REFUSALS] + [
        (NOBODY, say_on("choice", "Never pause anybody"))
    ]
    chosen = NOBODY if allowed is None else str(allowed)
    items.append(
        _select(
            Control(PAGE, refusals, fingerprint(allowed)),
            choices,
            chosen,
            say_on("placeholder", "After how many refusals"),
        )
    )
    pause = view.settings.content_pause_hours
    items.append(text_of(view, hours, value_words(hours, pause)))
    choices = [(str(number), say_many("{count} hour", "{count} hours", number)) for number in PAUSE_HOURS]
    items.append(
        _select(Control(PAGE, hours, fingerprint(pause)), choices, str(pause), say_on("placeholder", "For how long"))
    )
    return items


def block_member_dialog(control: Control) -> discord.ui.Modal:
    """Return the dialog that blocks a member whom the moderator picks."""
    asked = dialog(control, say_on("title", "Block a member"))
    picked: discord.ui.UserSelect[Any] = discord.ui.UserSelect(custom_id=MEMBER)
    asked.add_item(discord.ui.Label(text=say_on("label", "Who"), component=picked))
    add_block_fields(asked)
    return asked


def lifted_note(member_id: int, *, lifted: bool) -> str:
    """Return what came of letting a member ask again."""
    return (
        say("✅ {member} may ask for videos again.", member=f"<@{member_id}>")
        if lifted
        else say("{member} is not blocked any more.", member=f"<@{member_id}>")
    )


def _waiting(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return say("**Waiting for moderators**: nothing")
    numbered = [f"{number}. {incident_line(one)}" for number, one in enumerate(incidents, start=1)]
    lines = fitting_lines(numbered, LIST_MAX)
    waiting = say("**Waiting for moderators**: {number}", number=len(incidents))
    return f"{waiting}\n{lines}"


def _blocked(blocks: Sequence[MemberBlock]) -> str:
    heading = say(
        "**Blocked members**: {number}\nThey can ask for no videos, whichever way they try.",
        number=len(blocks) or say("nobody"),
    )
    lines = fitting_lines([_line(block) for block in blocks], LIST_MAX)
    return f"{heading}\n{lines}" if lines else heading


def _line(block: MemberBlock) -> str:
    words = [f"<@{block.member_id}>", until(block)]
    if block.kind is BlockKind.PAUSE:
        words.append(say("after refusals for content"))
    else:
        words.append(say("by the bot") if block.actor_id is None else say("by {actor}", actor=person(block.actor_id)))
    line = f"- {' · '.join(words)}"
    return pair(line, excerpt(block.reason, 100)) if block.reason else line


def _select(control: Control, choices: list[tuple[str, str]], chosen: str, placeholder: str) -> discord.ui.Item[Any]:
    options = [discord.SelectOption(label=label, value=value, default=value == chosen) for value, label in choices]
    return string_select(control, options, placeholder, low=1)
