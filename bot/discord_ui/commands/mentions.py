"""Clickable mentions of commands in what people read.

Words name a command as `/video` in code. Where a message leaves, this becomes `</video:id>`: a click puts the command
into the member's message box. Elsewhere (lists, files, logs) it stays as it is. Source of the format: Discord's
documentation, "Message Formatting". The id is that of the top-level command, also for a subcommand.
"""

import re
from typing import TypeVar

import discord

from bot.discord_ui.views.message_limits import CONTENT_MAX, DISPLAYED_CHARACTERS_MAX, length
from bot.services.commands import CommandsService, scope_of

L = TypeVar("L", bound=discord.ui.LayoutView)

IN_WORDS = re.compile(r"(?<!\\)`/([\w-]+)((?: [\w-]+){0,2})`")
"""A command in words: its name, and its subcommand with a blank before it. A member's own backticks are escaped."""


class CommandMentions:
    """Makes the commands in words clickable, by the ids that Discord gave them. From memory."""

    def __init__(self, client: discord.Client, commands: CommandsService) -> None:
        self._client = client
        self._commands = commands

    def in_text(self, words: str, guild_id: int | None = None, maximum: int = CONTENT_MAX) -> str:
        """Return the words with clickable commands, or unchanged where they would exceed `maximum` characters.

        `guild_id` finds commands that only this guild has, beside the global ones. A command that Discord does not have
        stays in code.
        """
        linked = IN_WORDS.sub(lambda found: self._mention(found, guild_id), words)
        return linked if length(linked) <= maximum else words

    def in_view(self, view: L, guild_id: int | None = None) -> L:
        """Make the commands in a card clickable, unless it would exceed Discord's limit then. Returns the card."""
        texts = [item for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
        linked = [self.in_text(text.content, guild_id, DISPLAYED_CHARACTERS_MAX) for text in texts]
        if sum(map(length, linked)) <= DISPLAYED_CHARACTERS_MAX:
            for text, words in zip(texts, linked, strict=True):
                text.content = words
        return view

    def _mention(self, found: re.Match[str], guild_id: int | None) -> str:
        name, subcommand = found.groups()
        application_id = self._client.application_id
        command_id = None
        if guild_id is not None:
            command_id = self._commands.id_of(name, scope_of(application_id, guild_id))
        if command_id is None:
            command_id = self._commands.id_of(name, scope_of(application_id))
        return found[0] if command_id is None else f"</{name}{subcommand}:{command_id}>"
