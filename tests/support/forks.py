"""Bots that a template process becomes by forking; each test process has one (`tests.support.bot_template`)."""

import asyncio
import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass

from sandbox.demo.bot_process import PROJECT, Running, Start, spawn


@dataclass
class Forked:
    """A bot that was forked. The template tells its exit status on a pipe."""

    pid: int
    ending: "asyncio.Task[int]"

    @property
    def returncode(self) -> int | None:
        """The exit status; None while the process runs."""
        return self.ending.result() if self.ending.done() else None

    async def wait(self) -> int:
        """Wait for the process to end and return its exit status, which is negative if a signal ended it."""
        return await asyncio.shield(self.ending)

    def send_signal(self, signal: int) -> None:
        """Send a signal."""
        os.kill(self.pid, signal)

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(signal.SIGKILL)


@functools.cache
def template() -> socket.socket:
    """Start the template, and return the socket on which it takes orders."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        command = [sys.executable, "-m", "tests.support.bot_template", str(its.fileno())]
        # A session of its own: Ctrl-C is for the tests, which stop their bots and read how they ended.
        process = subprocess.Popen(
            command, cwd=PROJECT, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )

    def stop() -> None:
        ours.close()
        process.wait()

    atexit.register(stop)
    return ours


async def fork(start: Start) -> Running:
    """Have the template become a bot. Where coverage is measured, an interpreter of its own is started instead."""
    if any(name.startswith("COVERAGE_") for name in os.environ):
        return await spawn(start)
    order = {
        "command": list(start.command),
        "environment": dict(start.environment),
        "folder": str(start.folder),
        "log": str(start.log),
    }
    reader, writer = os.pipe()
    socket.send_fds(template(), [json.dumps(order).encode()], [writer])
    os.close(writer)
    stream, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb"))
    pid = int(await stream.readline())

    async def end() -> int:
        status = int(await stream.readline())
        transport.close()
        return status

    return Forked(pid, asyncio.create_task(end()))
