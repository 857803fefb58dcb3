"""The page of the panel about the server's word list."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.guild_setting_words import value_words
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.settings_panel.controls import act_button, ask_button, dialog, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.word_list_words import HOW_TO, entry_lines
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint
from bot.domain.word_list import ENTRIES_MAX

PAGE = "words"
TITLE = mark("Word list")
PAGE_ENTRIES = 15
"""Entries of a page. Each takes a line, and the panel holds 4,000 characters."""
TURN_LIST, REMOVE, ADD, TRY, IMPORT, EXPORT = "turn_list", "remove", "add", "try", "import", "export"
LINES, TEXT, FILE = "lines", "text", "file"
FILE_NAME = "word-list.txt"


def words_items(view: SettingsView, entries: Sequence[str], page: int) -> list[discord.ui.Item[Any]]:
    """Return the page. `page` counts from 0; one that is not there any more becomes the last one."""
    last = max(0, (len(entries) - 1) // PAGE_ENTRIES)
    page = min(max(0, page), last)
    shown = entries[page * PAGE_ENTRIES : (page + 1) * PAGE_ENTRIES]
    items: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(_heading(entries, page, last, shown))]
    at = str(page)
    if shown:
        options = [discord.SelectOption(label=cut(entry, 100), value=fingerprint(entry)) for entry in shown]
        items.append(
            string_select(Control(PAGE, REMOVE, at), options, say_on("placeholder", "Remove…"), high=len(options))
        )
    buttons: list[discord.ui.Item[Any]] = [
        ask_button(Control(PAGE, ADD, at), say_on("button", "Add…")),
        ask_button(Control(PAGE, TRY, at), say_on("button", "Try a text…")),
        ask_button(Control(PAGE, IMPORT, at), say_on("button", "Import…")),
    ]
    if entries:
        buttons.append(act_button(Control(PAGE, EXPORT, at), say_on("button", "Export")))
    items.append(discord.ui.ActionRow(*buttons))
    if last:
        turns: list[discord.ui.Item[Any]] = []
        if page > 0:
            turns.append(act_button(Control(PAGE, TURN_LIST, str(page - 1)), say_on("button", "Earlier entries")))
        if page < last:
            turns.append(act_button(Control(PAGE, TURN_LIST, str(page + 1)), say_on("button", "Later entries")))
        items.append(discord.ui.ActionRow(*turns))
    leet = view.settings.leetspeak
    items.append(text_of(view, GuildSetting.LEETSPEAK, value_words(GuildSetting.LEETSPEAK, leet)))
    control = Control(PAGE, GuildSetting.LEETSPEAK, f"{at}.{fingerprint(leet)}")
    label = say_on("button", "Read letters only") if leet else say_on("button", "Read digits and signs as letters")
    items.append(discord.ui.ActionRow(act_button(control, label)))
    return items


def page_of(control: Control | None) -> int:
    """Return the page of the list that a control was on; 0 where the panel's page was turned to."""
    number = "" if control is None else control.argument.partition(".")[0]
    return int(number) if number.isdigit() else 0


def add_dialog(control: Control) -> discord.ui.Modal:
    """Return the dialog for new entries."""
    asked = dialog(control, say_on("title", "Add to the word list"))
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=LINES,
        style=discord.TextStyle.paragraph,
        max_length=4_000,
        placeholder=say_on("placeholder", "bad\nvery bad\nbad*\n/ba+d/"),
    )
    label = say_on("label", "One entry a line")
    asked.add_item(
        discord.ui.Label(
            text=label,
            description=say_on("command", "A word, a phrase, part of a word*, or /a pattern/"),
            component=field,
        )
    )
    return asked


def try_dialog(control: Control) -> discord.ui.Modal:
    """Return the dialog for a dry run."""
    asked = dialog(control, say_on("title", "Would this be stopped?"))
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=4_000
    )
    asked.add_item(
        discord.ui.Label(
            text=say_on("label", "A prompt"),
            description=say_on("command", "Nothing is sent or charged."),
            component=field,
        )
    )
    return asked


def import_dialog(control: Control) -> discord.ui.Modal:
    """Return the dialog for a text file with entries."""
    asked = dialog(control, say_on("title", "Import a word list"))
    field: discord.ui.FileUpload[Any] = discord.ui.FileUpload(custom_id=FILE)
    asked.add_item(
        discord.ui.Label(
            text=say_on("label", "A text file"),
            description=say_on("command", "One entry a line. They are added to the list."),
            component=field,
        )
    )
    return asked


def words_summary(count: int) -> str:
    """Return the list in a few words, for the overview."""
    if not count:
        return say("empty")
    return say("{number} of {maximum} entries", number=count, maximum=ENTRIES_MAX)


def _heading(entries: Sequence[str], page: int, last: int, shown: Sequence[str]) -> str:
    count = words_summary(len(entries))
    lines = [
        say("**Word list**: {entries}", entries=count),
        say(
            "A request with one of these is refused before anything is spent. Its member does not read which one it "
            "was; you do, in the log channel."
        ),
        say(HOW_TO),
    ]
    if shown:
        lines.append(entry_lines(shown))
        if last:
            lines.append(say("-# Page {page} of {pages}", page=page + 1, pages=last + 1))
    return "\n".join(lines)
