"""The real bot as a process of its own: started, watched, stopped cleanly."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

STOP_SECONDS_MAX = 20.0
"""Seconds from SIGTERM until the process is killed."""
LOG_LINES_SHOWN = 20
"""Lines that last_lines() returns."""
PROJECT = Path(__file__).resolve().parents[2]
SETTING_PREFIXES = ("DISCORD_", "STUDIO_", "DATABASE_", "OWNER_", "DEFAULT_", "HEALTH_", "WAIT_")
"""Beginnings of variables that the caller's environment may hold for a real bot, and that must not reach this one."""


class Running(Protocol):
    """A process that was started; `asyncio.subprocess.Process` is one."""

    @property
    def pid(self) -> int:
        """The process's id."""

    @property
    def returncode(self) -> int | None:
        """The exit status; None while the process runs."""

    async def wait(self) -> int:
        """Wait for the process to end and return its exit status."""

    def send_signal(self, signal: int) -> None:
        """Send a signal."""

    def kill(self) -> None:
        """Kill the process."""


@dataclass(frozen=True, slots=True)
class Start:
    """What is started: `command` is a module that Python runs, and its arguments. The output goes to `log`."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path


async def spawn(start: Start) -> Running:
    """Start a process with an interpreter of its own."""
    with start.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *start.command,
            cwd=start.folder,
            env=start.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C is for the demo, which stops the bot in its own time.
            start_new_session=True,
        )


class BotProcess:
    """Run `python -m bot` with `settings` as its environment and write its output to a file in `folder`.

    With `crash_at`, `python -m sandbox.crash_at` runs the bot, and the bot dies at this failpoint. `launch` starts the
    process.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        arguments: Sequence[str] = (),
        *,
        crash_at: str | None = None,
        launch: Callable[[Start], Awaitable[Running]] = spawn,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._command = ["bot", *arguments] if crash_at is None else ["sandbox.crash_at", crash_at, *arguments]
        self._log = folder / "bot.log"
        self._launch = launch
        self._process: Running | None = None

    @property
    def pid(self) -> int | None:
        """The process's id; None before start()."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the process."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTING_PREFIXES)}
        environment = inherited | {"PYTHONPATH": str(PROJECT), "LOG_FORMAT": "text", **self._settings}
        # Not the project's folder: the `.env` of a real bot lies there.
        self._process = await self._launch(Start(self._command, environment, self._folder, self._log))

    async def wait(self) -> int:
        """Wait for the process to end and return its exit status. Raises RuntimeError before start()."""
        if self._process is None:
            raise RuntimeError("not started")
        return await self._process.wait()

    async def stop(self) -> int | None:
        """Ask the process to end, wait for it and return its exit status, which is negative if a signal ended it."""
        if self._process is None:
            return None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS_MAX):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
        return await self._process.wait()

    def last_lines(self) -> list[str]:
        """Return the end of what the process printed."""
        if not self._log.exists():
            return []
        return self._log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
