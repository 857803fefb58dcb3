"""The page about the server's word list."""

import io
from collections.abc import Mapping
from typing import Any

import discord

from bot.discord_ui.interactions.answers import give_beside
from bot.discord_ui.interactions.entered_file import entered_text
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.settings_panel import words
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.discord_ui.views.word_list_words import added_note, dry_run_note, removed_note
from bot.domain.guild_settings import GuildSetting, fingerprint
from cogs.settings._choosing import choose
from cogs.settings._page import Page, Panel


class WordsPage(Page):
    """Changes the word list, and tries it."""

    key = words.PAGE
    title = words.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page, with the part of the list that was shown last."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        entries = await panel.services.word_lists.entries(panel.guild.id)
        return words.words_items(view, entries, words.page_of(panel.control))

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return how long the list is."""
        count = await panel.services.word_lists.count(panel.guild.id)
        change = await panel.services.word_lists.last_change(panel.guild.id)
        origin = None if change is None else Origin(change.actor_id, change.created_at)
        return [(say(words.TITLE), words.words_summary(count), origin)]

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Turn the list's page, remove entries, send the list as a file, or switch leetspeak."""
        lists = panel.services.word_lists
        match control.action:
            case words.TURN_LIST:
                return None
            case words.REMOVE:
                chosen = [one for one in await lists.entries(panel.guild.id) if fingerprint(one) in values]
                return removed_note(await lists.remove(panel.guild.id, panel.actor_id, chosen))
            case words.EXPORT:
                entries = await lists.entries(panel.guild.id)
                file = discord.File(io.BytesIO("\n".join(entries).encode()), words.FILE_NAME)
                await give_beside(panel.interaction, file)
                return None
            case GuildSetting.LEETSPEAK:
                settings = await panel.services.guild_settings.of(panel.guild.id)
                return await choose(panel, control, GuildSetting.LEETSPEAK, not settings.leetspeak)
        return await super().use(panel, control, values, offered)

    async def dialog(self, panel: Panel, control: Control) -> discord.ui.Modal:
        """Return the dialog of a button."""
        match control.action:
            case words.ADD:
                return words.add_dialog(control)
            case words.TRY:
                return words.try_dialog(control)
            case words.IMPORT:
                return words.import_dialog(control)
        return await super().dialog(panel, control)

    async def enter(self, panel: Panel, control: Control, fields: Mapping[str, list[str]]) -> str | None:
        """Add entries, or try a text."""
        lists = panel.services.word_lists
        match control.action:
            case words.ADD:
                lines = "\n".join(fields.get(words.LINES, ()))
                return added_note(await lists.add(panel.guild.id, panel.actor_id, lines))
            case words.IMPORT:
                lines = await entered_text(panel.interaction, fields.get(words.FILE, ()))
                return added_note(await lists.add(panel.guild.id, panel.actor_id, lines))
            case words.TRY:
                text = "\n".join(fields.get(words.TEXT, ()))
                return dry_run_note(text, await lists.dry_run(panel.guild.id, text))
        return await super().enter(panel, control, fields)
