"""`python -m bot backup|gateway …`: what stands beside the bot itself."""

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.__main__ import command_parser, shards_of
from bot.backup import back_up
from bot.client import Shards
from bot.settings import SettingsProblem
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.tables.provider import accounts_table


async def test_a_backup_of_a_database_in_use_is_whole(sqlite_database: Database, tmp_path: Path) -> None:
    await sqlite_database.write(lambda conn: conn.execute(update(accounts_table).values(credits_remaining=77)))
    copy = tmp_path / "backups" / "copy.db"
    back_up(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", copy)
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("SELECT credits_remaining FROM accounts").fetchone() == (77,)
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("no database at all, but long enough to be looked at as one" * 100)
    copies = tmp_path / "backups"
    with pytest.raises(DatabaseProblem, match="the backup failed"):
        back_up(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", copies / "copy.db")
    assert list(copies.iterdir()) == []


async def test_what_an_earlier_backup_left_does_not_stop_the_next_one(
    sqlite_database: Database, tmp_path: Path
) -> None:
    copies = tmp_path / "odd # name %20"
    copies.mkdir()
    (copies / "copy.db.part").write_text("cut off")
    back_up(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", copies / "copy.db")
    assert {path.name for path in copies.iterdir()} == {"copy.db", "copy.db.part"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+asyncpg://127.0.0.1/x", "pg_dump"),
        ("sqlite+aiosqlite:///{folder}/missing.db", "there is no database"),
        ("sqlite+aiosqlite:///{folder}/bot.db", "exists already"),
    ],
)
async def test_a_backup_that_cannot_be_made_says_why_and_overwrites_nothing(
    url: str, said: str, sqlite_database: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("kept")
    with pytest.raises(DatabaseProblem, match=said):
        back_up(url.format(folder=tmp_path), copy)
    assert copy.read_text() == "kept"


@pytest.mark.parametrize(
    ("line", "shards"),
    [
        ("gateway", None),
        ("gateway --shards 0-3 --shard-count 16", Shards((0, 1, 2, 3), 16)),
        ("gateway --shards 5 --shard-count 6", Shards((5,), 6)),
    ],
)
def test_a_gateways_shards(line: str, shards: Shards | None) -> None:
    assert shards_of(command_parser().parse_args(line.split())) == shards


@pytest.mark.parametrize(
    "line", ["--shards 0-3", "--shard-count 4", "--shards 0-4 --shard-count 4", "--shards x --shard-count 4"]
)
def test_shards_that_make_no_sense_are_refused(line: str) -> None:
    arguments: argparse.Namespace = command_parser().parse_args(["gateway", *line.split()])
    with pytest.raises(SettingsProblem, match="go together"):
        shards_of(arguments)
