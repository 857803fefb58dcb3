"""The files of a database that an earlier version left readable for all."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.storage.file_modes import SUFFIXES, make_private


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_files_of_a_database_become_private(tmp_path: Path) -> None:
    files = [tmp_path / f"bot.db{suffix}" for suffix in SUFFIXES]
    for path in files:
        path.touch(0o644)
    other = tmp_path / "bot.db.backup"
    other.touch(0o644)
    make_private(make_url(f"sqlite+aiosqlite:///{files[0]}"))
    assert {mode_of(path) for path in files} == {0o600}
    assert mode_of(other) == 0o644


def test_files_that_are_not_there_or_belong_to_another_user_are_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    make_private(make_url(f"sqlite+aiosqlite:///{path}"))
    assert not path.exists()
    if os.getuid() != 0:
        pytest.skip("only root may give a file away")
    path.touch(0o644)
    os.chown(path, 12345, 12345)
    make_private(make_url(f"sqlite+aiosqlite:///{path}"))
    assert mode_of(path) == 0o644
