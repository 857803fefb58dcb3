"""Databases that a start meets and cannot use: one line, the right exit status, and what to do."""

import os
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.storage import database as database_module
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import migrate
from sandbox.demo.bot_process import PROJECT

CONFIGURATION, UNAVAILABLE = 78, 75
Before = Callable[[], None]
Ended = subprocess.CompletedProcess[str]
PROGRAM = {"DISCORD_TOKEN": "x", "STUDIO_API_KEY": "x", "PYTHONPATH": str(PROJECT), "PATH": os.defpath}


def run_bot(
    *command: str, database: Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of the bot as a process of its own, with the umask that most shells have."""

    def prepare() -> None:
        os.umask(0o022)
        if before is not None:
            before()

    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=database.parent,
        env=PROGRAM | {"DATABASE_URL": f"sqlite+aiosqlite:///{database}"},
        preexec_fn=prepare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def a_newer_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("UPDATE alembic_version SET version_num = '0999'")


def noise(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be looked at as one" * 100)


@pytest.mark.parametrize(
    ("spoil", "status", "said"),
    [
        (a_newer_database, CONFIGURATION, "the database is of version 0999"),
        (noise, CONFIGURATION, "put a backup in its place"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_and_what_to_do(
    spoil: Callable[[Path], None], status: int, said: str, migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(migrated_file.read_bytes())
    spoil(path)
    ended = run_bot("migrate", database=path)
    assert (ended.returncode, ended.stderr.count("\n")) == (status, 1)
    assert said in ended.stderr


def test_a_full_disk_is_one_line_and_may_pass(tmp_path: Path) -> None:
    small = 100 * 1024

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (small, small))

    ended = run_bot("migrate", database=tmp_path / "bot.db", before=limit)
    assert (ended.returncode, ended.stderr.count("\n")) == (UNAVAILABLE, 1)
    assert f"check the disk of {tmp_path}" in ended.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_named_with_the_user(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        ended = run_bot("migrate", database=tmp_path / "bot.db")
    finally:
        tmp_path.chmod(0o700)
    assert (ended.returncode, ended.stderr.count("\n")) == (CONFIGURATION, 1)
    assert f"user id {os.geteuid()} must be able to write to the folder {tmp_path}" in ended.stderr


async def test_a_database_that_another_program_locks_is_told_and_may_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseProblem, match="another program is writing to it") as caught:
            await migrate(database)
    assert caught.value.passing
    await database.close()


def test_the_files_of_a_database_are_for_the_bots_own_user(tmp_path: Path) -> None:
    """Prompts and ids of members are in all of them."""
    path = tmp_path / "data" / "bot.db"
    (tmp_path / "data").mkdir()
    assert run_bot("migrate", database=path).returncode == 0
    assert run_bot("backup", str(tmp_path / "data" / "copy.db"), database=path).returncode == 0
    for file in path.parent.iterdir():
        with suppress(FileNotFoundError):  # SQLite removes its journals as it closes
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
