"""The demo as whoever tries the project starts it: a process that says what happened and ends with a status."""

import asyncio
import os
import re
import socket
import sys
from pathlib import Path

import pytest

from sandbox.demo.__main__ import PORTS_TRIED
from sandbox.demo.bot_process import PROJECT
from sandbox.demo.transcript import without_marks

SECONDS_MAX = 200
"""Some thirty on an idle machine."""

WITH_A_PROVIDER_THAT_FAILS = """
import asyncio, sys
from sandbox.demo import __main__ as demo

class Failing(demo.StudioSandbox):
    async def __aenter__(self):
        self.faults.add("job_fails", message="out of order")
        return await super().__aenter__()

demo.StudioSandbox, demo.JOB_SECONDS = Failing, 1.0
sys.exit(asyncio.run(demo.main(demo.parse())))
"""

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(240)]
"""One after the other: each is several processes."""


async def played(*arguments: str, folder: Path) -> tuple[int, str, str]:
    """Status, output and errors of a Python process; from another folder, as nothing may hang on the current one."""
    environment = os.environ | {"DEMO_EXIT": "1", "PYTHONPATH": str(PROJECT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS_MAX):
            out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def test_the_demo_ends_well_with_a_video_that_was_decoded(tmp_path: Path) -> None:
    status, out, errors = await played("-m", "sandbox.demo", folder=tmp_path)
    assert (status, errors) == (0, ""), out
    assert re.search(r"file +\S+\.mp4: h264 .*, 640×360, 8\.0 s, \d+ kB\n", out)
    assert "1 POST, 1 job, 100 credits charged" in out
    assert re.search(r"file +reel-1\.mp4: \d+ pictures, 21\.0\d s = title card", out)
    assert "the bot ended with status 0" in out
    assert "\\" not in out


async def test_the_demo_says_in_one_line_what_failed_and_does_not_end_well(tmp_path: Path) -> None:
    status, out, errors = await played("-c", WITH_A_PROVIDER_THAT_FAILS, folder=tmp_path)
    assert status == 1, out
    assert errors.splitlines()[-1] == "The demo failed: the provider's job failed: out of order"
    assert "the bot ended with status 0" in out


async def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, out, errors = await played("-m", "sandbox.demo", "--port", str(port), folder=tmp_path)
    assert (status, errors) == (0, ""), out
    [at] = map(int, re.findall(r"Discord at http://127\.0\.0\.1:(\d+)", out))
    assert port < at < port + PORTS_TRIED


@pytest.mark.parametrize("port", ["-1", "70000"])
async def test_a_port_that_is_none_is_told_in_one_line(port: str, tmp_path: Path) -> None:
    status, out, errors = await played("-m", "sandbox.demo", "--port", port, folder=tmp_path)
    assert (status, out) == (1, "")
    assert errors.startswith(f"The demo cannot listen on port {port}: ")
    assert len(errors.splitlines()) == 1


async def test_the_help_starts_nothing(tmp_path: Path) -> None:
    status, out, errors = await played("-m", "sandbox.demo", "--help", folder=tmp_path)
    assert (status, errors) == (0, "")
    assert out.startswith("usage: make demo")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("veo31\\_fast", "veo31_fast"),
        ("**bold** and \\*\\*not\\*\\*", "bold and **not**"),
        ("-# small\n### head\n\\# no head", "small\nhead\n# no head"),
        ("`code` \\`tick\\` \\\\ path\\name", "code `tick` \\ path\\name"),
    ],
)
def test_marks_are_taken_away_unless_they_are_escaped(written: str, plain: str) -> None:
    assert without_marks(written) == plain
