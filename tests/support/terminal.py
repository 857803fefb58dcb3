"""A program on a terminal of its own, as somebody has it over SSH: what it writes is read, and lines are typed."""

import asyncio
import os
import pty
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sandbox.demo.bot_process import PROJECT, SETTING_PREFIXES

WAIT_SECONDS = 30.0
"""Seconds after which something counts as not happening."""

_OPEN_AND_RUN = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.open(sys.argv[1], os.O_RDWR)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
"""
"""The first terminal that a session opens is the one that controls it: getpass finds it as /dev/tty.

Ctrl-C interrupts there, also where the tests themselves were started in the background, which ignores it.
"""


class Terminal:
    """The person's side of a terminal."""

    def __init__(self, descriptor: int, process: asyncio.subprocess.Process) -> None:
        self._descriptor = descriptor
        self._process = process
        self._arrived = asyncio.Event()
        self._read_to = 0
        self.shown = ""
        """Everything that stood on the terminal so far."""

    async def sees(self, text: str) -> str:
        """Wait until a text appears after what was seen before, and return what came up to it. Raises TimeoutError."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while (at := self.shown.find(text, self._read_to)) < 0:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise AssertionError(f"{text!r} did not appear; the terminal shows:\n{self.shown}") from None
        seen = self.shown[self._read_to : at + len(text)]
        self._read_to = at + len(text)
        return seen

    def types(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._descriptor, f"{line}\n".encode())

    def presses_control_c(self) -> None:
        """Interrupt the program."""
        os.write(self._descriptor, b"\x03")

    async def ends(self) -> int:
        """Wait for the end of the program and return its exit status."""
        return await asyncio.wait_for(self._process.wait(), WAIT_SECONDS)

    def read(self) -> None:
        """Take what the program has written."""
        with suppress(OSError):
            self.shown += os.read(self._descriptor, 65_536).decode(errors="replace").replace("\r\n", "\n")
        self._arrived.set()


@asynccontextmanager
async def on_terminal(folder: Path, settings: Mapping[str, str], *command: str) -> AsyncIterator[Terminal]:
    """Run `python -m command` in a folder, with `settings` as its environment, on a terminal that controls it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTING_PREFIXES)}
    near, far = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _OPEN_AND_RUN, os.ttyname(far), *command,
        cwd=folder, env=inherited | {"PYTHONPATH": str(PROJECT), **settings},
        stdin=far, stdout=far, stderr=far, start_new_session=True,
    )  # fmt: skip
    os.close(far)
    terminal = Terminal(near, process)
    loop = asyncio.get_running_loop()
    loop.add_reader(near, terminal.read)
    try:
        yield terminal
    finally:
        loop.remove_reader(near)
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(near)
