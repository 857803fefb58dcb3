"""Run as a process of its own: it imports the bot once, and becomes a bot whenever a test wants one (`fork`).

An import of the bot takes more than a second of CPU, and the tests start more than a hundred bots. Each of them is a
process of its own all the same, with its own environment, folder and session, and can be killed.

The argument is the number of a socket. Each message on it is an order as JSON, with a pipe on which the bot's process
id and, in the end, its exit status are told.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
from typing import Any

import bot.app  # noqa: F401 - imported for those that are forked
import cogs
from bot.__main__ import main
from sandbox.crash_at import run

ORDER_BYTES_MAX = 1_000_000
DRIVERS = ("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.asyncpg", "aiosqlite", "asyncpg")


def serve(orders: socket.socket) -> None:
    """Make bots until nobody wants any more."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer)
    told_on: dict[int, int] = {}
    """Process → the pipe on which its exit status is told."""
    while True:
        ready, _, _ = select.select([orders.fileno(), reader], [], [])
        if reader in ready:
            os.read(reader, 1024)
        while told_on:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            with os.fdopen(told_on.pop(pid), "w") as pipe:
                pipe.write(f"{os.waitstatus_to_exitcode(status)}\n")
        if orders.fileno() in ready:
            content, pipes, _, _ = socket.recv_fds(orders, ORDER_BYTES_MAX, 1)
            if not content:
                return
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for end in (orders.fileno(), reader, writer, *pipes, *told_on.values()):
                    os.close(end)
                become(json.loads(content))
            told_on[pid] = pipes[0]
            os.write(pipes[0], f"{pid}\n".encode())


def become(order: dict[str, Any]) -> None:
    """Become a bot, to the end of this process."""
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for standard in (1, 2):
        os.dup2(log, standard)
    os.close(log)
    name, *arguments = order["command"]
    sys.argv = [name, *arguments]
    sys.exit(main() if name == "bot" else run(arguments))


if __name__ == "__main__":
    for module in pkgutil.walk_packages(cogs.__path__, "cogs."):
        importlib.import_module(module.name)
    for name in DRIVERS:
        importlib.import_module(name)
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
