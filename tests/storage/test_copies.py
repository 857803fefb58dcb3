"""Copies of the database: dated, looked through, put back, and made before a migration and once a day."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.backup import back_up, restore
from bot.composition.upgrade import bring_up_to_date
from bot.storage import copies
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import versions
from bot.storage.tables.provider import accounts_table
from bot.workers.backups import EVERY_SECONDS, RETRY_SECONDS, Backups
from tests.storage.test_migrations import upgrade_to

DAY = 86_400.0


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def credits_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as opened:
        return int(opened.execute("SELECT credits_remaining FROM accounts").fetchone()[0])


async def set_credits(database: Database, credits: int) -> None:
    await database.write(lambda conn: conn.execute(update(accounts_table).values(credits_remaining=credits)))


@pytest.fixture
def copied(migrated_file: Path, tmp_path: Path) -> Path:
    """A copy that says 111 credits."""
    path = tmp_path / "elsewhere" / "copy.db"
    copies.copy(migrated_file, path)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("UPDATE accounts SET credits_remaining = 111")
    return path


async def test_a_restored_copy_is_the_database_and_the_one_before_is_kept(
    sqlite_database: Database, tmp_path: Path, copied: Path
) -> None:
    await set_credits(sqlite_database, 222)  # in the journal only
    await sqlite_database.close()
    before = restore(url_of(tmp_path / "bot.db"), copied)
    assert before is not None
    assert (credits_in(tmp_path / "bot.db"), credits_in(before), credits_in(copied)) == (111, 222, 111)
    assert sorted(path.name for path in tmp_path.glob("bot.db*") if path != before) == ["bot.db", "bot.db.lock"]
    again = await Database.open(url_of(tmp_path / "bot.db"))
    await again.close()


def test_a_copy_is_restored_where_there_is_no_database(tmp_path: Path, copied: Path) -> None:
    assert restore(url_of(tmp_path / "new" / "bot.db"), copied) is None
    assert credits_in(tmp_path / "new" / "bot.db") == 111


def test_a_journal_that_belongs_to_a_damaged_database_is_not_taken_for_the_new_ones(
    tmp_path: Path, copied: Path
) -> None:
    (tmp_path / "bot.db").write_bytes(b"damaged" * 1000)
    (tmp_path / "bot.db-wal").write_bytes(b"its journal" * 100)
    before = restore(url_of(tmp_path / "bot.db"), copied)
    assert before is not None
    assert before.with_name(f"{before.name}-wal").read_bytes().startswith(b"its journal")
    assert credits_in(tmp_path / "bot.db") == 111


@pytest.mark.parametrize("spoil", ["missing", "noise", "another program's", "newer", "cut off"])
def test_what_is_no_whole_copy_of_a_known_version_is_refused_and_nothing_changes(
    spoil: str, migrated_file: Path, tmp_path: Path, copied: Path
) -> None:
    match spoil:
        case "missing":
            copied.unlink()
        case "noise":
            copied.write_bytes(b"no database at all, but long enough to be looked at as one" * 100)
        case "another program's":
            copied.unlink()
            with closing(sqlite3.connect(copied)) as opened, opened:
                opened.execute("CREATE TABLE things (id INTEGER)")
        case "newer":
            with closing(sqlite3.connect(copied)) as opened, opened:
                opened.execute("UPDATE alembic_version SET version_num = '9999'")
        case _:
            copied.write_bytes(copied.read_bytes()[:100_000])
    path = tmp_path / "bot.db"
    path.write_bytes(migrated_file.read_bytes())
    with pytest.raises(DatabaseProblem, match="copy"):
        restore(url_of(path), copied)
    assert path.read_bytes() == migrated_file.read_bytes()
    assert sorted(found.name for found in tmp_path.glob("bot.db*")) <= ["bot.db", "bot.db.lock"]


def test_a_database_in_use_is_not_replaced(migrated_file: Path, tmp_path: Path, copied: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(migrated_file.read_bytes())
    with (tmp_path / "bot.db.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(DatabaseProblem, match="another bot is using"):
            restore(url_of(path), copied)


async def test_a_folder_keeps_the_newest_dated_copies_and_everything_else(
    sqlite_database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "bot-20200101-000000.db").touch()
    (folder / "bot-20210101-000000.db").touch()
    (folder / "bot-mine.db").touch()
    made = back_up(url_of(tmp_path / "bot.db"), folder, kept=2)
    assert sorted(path.name for path in folder.iterdir()) == ["bot-20210101-000000.db", made.name, "bot-mine.db"]
    with pytest.raises(DatabaseProblem, match="is a file"):
        back_up(url_of(tmp_path / "bot.db"), made, kept=2)


async def test_a_copy_is_made_once_a_day_also_over_restarts(sqlite_database: Database, tmp_path: Path) -> None:
    now = 1_800_000_000.0
    folder = tmp_path / "copies"

    def backups() -> Backups:
        return Backups(tmp_path / "bot.db", folder, 2, lambda: now)

    assert await backups().step() == EVERY_SECONDS
    now += DAY / 2
    assert await backups().step() == DAY / 2
    for _ in range(3):
        now += DAY
        await backups().step()
    assert [moment for moment, _ in copies.dated_copies(folder)] == [now - DAY, now]
    assert credits_table_is_there(copies.dated_copies(folder)[-1][1])


def credits_table_is_there(file: Path) -> bool:
    return copies.version_of(file) != ""


async def test_a_copy_that_cannot_be_made_is_tried_again_and_the_bot_goes_on(
    sqlite_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "copies").write_text("a file where the folder should be")
    assert await Backups(tmp_path / "bot.db", tmp_path / "copies", 2, lambda: 1e9).step() == RETRY_SECONDS


async def test_an_older_database_is_kept_before_it_is_brought_up_to_date(tmp_path: Path) -> None:
    database = await Database.open(url_of(tmp_path / "bot.db"))
    try:
        await database.write(upgrade_to, "0010")
        await set_credits(database, 333)
        await bring_up_to_date(database)
        current, newest = await versions(database)
        assert current == newest
    finally:
        await database.close()
    kept = tmp_path / "bot.db.version-0010"
    assert (copies.version_of(kept), credits_in(kept)) == ("0010", 333)


async def test_a_new_database_leaves_no_copy(tmp_path: Path) -> None:
    database = await Database.open(url_of(tmp_path / "bot.db"))
    await bring_up_to_date(database)
    await bring_up_to_date(database)
    await database.close()
    assert not list(tmp_path.glob("*.version-*"))
