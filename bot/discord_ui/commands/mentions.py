"""Clickable mentions of commands in what people read: `</video:id>`.

Source of the format: Discord's documentation, "Message Formatting". A click puts the command into the member's message
box. The ids are those of the top-level commands, also for a subcommand.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol


class RegisteredCommand(Protocol):
    """The part of a command in Discord's answer that a mention needs."""

    @property
    def name(self) -> str:
        """The name without its slash."""

    @property
    def id(self) -> int:
        """The id that Discord gave it."""


class CommandMentions:
    """Knows the ids of the commands as Discord last told them, globally and for single guilds. From memory."""

    def __init__(self) -> None:
        self._ids: dict[int | None, Mapping[str, int]] = {}

    def learn(self, commands: Iterable[RegisteredCommand], guild_id: int | None = None) -> None:
        """Take over all commands of one guild, or the global ones for None, in place of those known before."""
        self._ids[guild_id] = {command.name: command.id for command in commands}

    def knows(self, guild_id: int | None = None) -> bool:
        """Tell whether Discord has told the commands of this guild, or the global ones for None."""
        return guild_id in self._ids

    def of(self, command: str, guild_id: int | None = None) -> str:
        """Return the mention of a command, such as "video" or "quota set member"; `/video` in code if it is unknown.

        `guild_id` finds commands that only this guild has, beside the global ones.
        """
        name = command.split(" ", 1)[0]
        found = self._ids.get(guild_id, {}).get(name) or self._ids.get(None, {}).get(name)
        return f"`/{command}`" if found is None else f"</{command}:{found}>"
