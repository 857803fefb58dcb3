"""What a bot that was killed left in the folder for temporary files is removed at the next start, and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.media.temp_folder import PREFIX, temp_folder
from sandbox.demo.bot_process import PROJECT

HOLDS_A_FOLDER = """
import sys
from bot.media.temp_folder import temp_folder
with temp_folder() as folder:
    (folder / "clip.mp4").write_bytes(b"half a video")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, for this process and those that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def other_bot() -> tuple[subprocess.Popen[str], Path]:
    """Start a process that has a folder, and return it with the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_FOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)
    process.communicate()


def test_the_folder_of_a_killed_bot_is_removed_and_that_of_a_living_one_is_not() -> None:
    killed, abandoned = other_bot()
    end(killed, signal.SIGKILL)
    living, in_use = other_bot()
    assert not abandoned.exists(), "its start has tidied up"
    try:
        with temp_folder() as own:
            assert (in_use / "clip.mp4").exists()
            assert own.exists()
        assert not own.exists()
    finally:
        end(living, signal.SIGKILL)
    with temp_folder():
        assert not in_use.exists()


def test_what_is_not_ours_is_left_alone(parent: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").touch()
    (parent / f"{PREFIX}link").symlink_to(elsewhere)
    (parent / f"{PREFIX}notes.txt").touch()
    (parent / "another-program").mkdir()
    strangers = parent / f"{PREFIX}of-another-user"
    strangers.mkdir()
    if os.getuid() == 0:
        os.chown(strangers, 12345, 12345)
    with temp_folder():
        names = {path.name for path in parent.iterdir()}
    assert {f"{PREFIX}link", f"{PREFIX}notes.txt", "another-program"} <= names
    assert (elsewhere / "kept").exists()
    assert (strangers.name in names) is (os.getuid() == 0)


async def test_many_starts_at_once_take_nothing_from_each_other() -> None:
    def use() -> bool:
        with temp_folder() as folder:
            (folder / "clip.mp4").write_bytes(b"half a video")
            return (folder / "clip.mp4").exists()

    assert all(await asyncio.gather(*(asyncio.to_thread(use) for _ in range(30))))
