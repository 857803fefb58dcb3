"""The bot's processes: kept running as a supervisor would, and killed at random."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.demo.bot_process import BotProcess

KILLED = -signal.SIGKILL


class Fleet:
    """Processes that are started again when they end.

    `roles` are names with the command-line arguments of `python -m bot`.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str], roles: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder
        self._settings = settings
        self._roles = roles
        self._running: dict[str, BotProcess] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = False
        self.kills: Counter[str] = Counter()
        self.ends: list[str] = []
        """Ends that nobody had asked for, in words."""

    def start(self) -> None:
        """Start every role and keep it running."""
        self._keepers = [asyncio.create_task(self._keep(role), name=f"keeper:{role}") for role in self._roles]

    def kill_one(self, chance: random.Random) -> None:
        """Cut the power of one process that runs."""
        if self._running:
            role = chance.choice(sorted(self._running))
            pid = self._running.pop(role).pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                self.kills[role] += 1

    async def stop(self) -> None:
        """End all of them in their own time."""
        self._stopping = True
        await asyncio.gather(*(bot.stop() for bot in self._running.values()), return_exceptions=True)
        await asyncio.gather(*self._keepers)

    def last_lines(self) -> list[str]:
        """Return the end of what each printed."""
        return [f"{role}: {line}" for role, bot in self._running.items() for line in bot.last_lines()]

    async def _keep(self, role: str) -> None:
        folder = self._folder / role
        folder.mkdir()
        while not self._stopping:
            bot = BotProcess(folder, self._settings, self._roles[role])
            await bot.start()
            self._running[role] = bot
            status = await bot.wait()
            self._running.pop(role, None)
            if status not in (KILLED, 0) and not self._stopping:
                self.ends.append(f"{role} ended with status {status}: {bot.last_lines()[-1:]}")
