"""`python -m sandbox discord` as another process."""

import asyncio
import signal
import socket
import sys

import aiohttp

from sandbox.__main__ import parse


def test_both_stand_ins_are_started_by_default_on_loopback() -> None:
    arguments = parse([])
    assert (arguments.which, arguments.host, arguments.port) == (None, "127.0.0.1", 9000)


async def test_it_says_where_it_is_and_stops_when_asked() -> None:
    arguments = ("-m", "sandbox", "discord", "--port", "0")
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    base = line.split("DISCORD_API_BASE=")[1].split()[0]
    async with aiohttp.ClientSession() as session, session.get(base + "/gateway") as response:
        assert (await response.json())["url"].endswith("/gateway")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        arguments = ("-m", "sandbox", "discord", "--port", str(taken.getsockname()[1]))
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.PIPE)
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().startswith("cannot listen: ")
    assert errors.count(b"\n") == 1
