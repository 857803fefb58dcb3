"""The worker that learns the commands' ids in a process that hears no commands: another process syncs them."""

from bot.services.commands import CommandsService

EVERY_SECONDS = 60.0
"""Seconds between two steps."""


class CommandIds:
    """One step reads the ids that gateways noted."""

    def __init__(self, commands: CommandsService) -> None:
        self._commands = commands

    async def step(self) -> float:
        """Read the ids."""
        await self._commands.load_ids()
        return EVERY_SECONDS
