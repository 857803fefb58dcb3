"""The frame of the panel: its title, the select that turns its pages, notes, and one block for each setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import all_of, say, say_many, say_on
from bot.discord_ui.views.guild_notice_words import notice_words
from bot.discord_ui.views.guild_setting_words import SETTING_HINTS, setting_name
from bot.discord_ui.views.message_limits import cut_lines
from bot.discord_ui.views.settings_panel.controls import TURN, string_select
from bot.discord_ui.views.words import pair, person, relative
from bot.domain.audit import THE_BOT
from bot.domain.guild_notices import GuildNotice
from bot.domain.guild_settings import GuildSetting, SettingsView

NOTE_MAX = 600
"""Characters of a note that are shown."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who changed a setting last, and when, in seconds since the epoch."""

    actor_id: int
    changed_at: float


def panel_view(
    titles: Mapping[str, str],
    page: str,
    items: Sequence[discord.ui.Item[Any]],
    note: str | None = None,
    notices: Sequence[GuildNotice] = (),
) -> discord.ui.LayoutView:
    """Return a page of the panel. `titles` has all pages by key; `note` says what was just done, or why not."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    title = say("Settings · {page}", page=titles[page])
    container.add_item(discord.ui.TextDisplay(f"## {title}"))
    options = [discord.SelectOption(label=title, value=key, default=key == page) for key, title in titles.items()]
    container.add_item(string_select(Control(page, TURN), options, say_on("placeholder", "Another page"), low=1))
    if note is not None:
        container.add_item(discord.ui.TextDisplay(cut_lines(note, NOTE_MAX)))
    if notices:
        container.add_item(discord.ui.TextDisplay("\n".join(f"⚠️ {notice_words(notice)}" for notice in notices)))
    for item in items:
        if isinstance(item, discord.ui.TextDisplay):
            container.add_item(discord.ui.Separator())
        container.add_item(item)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def setting_text(name: str, value: str, hint: str, origin: Origin | None) -> discord.ui.TextDisplay[Any]:
    """Return what is in force, what it means, and where it came from."""
    return discord.ui.TextDisplay(f"{pair(f'**{name}**', value)}\n{hint}\n-# {origin_words(origin)}")


def text_of(view: SettingsView, setting: GuildSetting, value: str) -> discord.ui.TextDisplay[Any]:
    """Return the text about a setting whose value is `value` in words."""
    return setting_text(setting_name(setting), value, say(SETTING_HINTS[setting]), origin_of(view, setting))


def origin_of(view: SettingsView, setting: GuildSetting) -> Origin | None:
    """Return who changed a setting last; None where it has its default."""
    chosen = view.chosen.get(setting)
    return None if chosen is None else Origin(chosen.actor_id, chosen.changed_at)


def origin_words(origin: Origin | None) -> str:
    """Return where a value came from."""
    if origin is None:
        return say("The default: nobody changed it.")
    when = relative(origin.changed_at)
    if origin.actor_id == THE_BOT:
        return say("Changed by the bot {when}.", when=when)
    return say("Changed by {who} {when}.", who=person(origin.actor_id), when=when)


def changed(name: str, value: str) -> str:
    """Return the note after a change."""
    return f"✅ {pair(name, value)}"


def needs_permissions(channel_id: int, permissions: Sequence[str]) -> str:
    """Return the note where the bot may not post in a chosen channel. `permissions` are the names of what it lacks."""
    return say_many(
        "I need the permission {names} in {channel} first, so nothing was changed.",
        "I need the permissions {names} in {channel} first, so nothing was changed.",
        len(permissions),
        names=all_of(permissions),
        channel=f"<#{channel_id}>",
    )
