"""Transactions: no update is lost, nothing half-done stays, and what cannot be opened is said in one line."""

import asyncio
import traceback
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.process_lock import ProcessLock
from bot.storage.tables.provider import OWNER_ACCOUNT, accounts_table

PROMPT = "a secret fox"


def _take_one(conn: Connection) -> bool:
    """Read, check, decrement: what loses updates if transactions interleave."""
    query = select(accounts_table.c.credits_remaining).where(accounts_table.c.id == OWNER_ACCOUNT).with_for_update()
    left = conn.execute(query).scalar_one()
    if left < 1:
        return False
    conn.execute(update(accounts_table).where(accounts_table.c.id == OWNER_ACCOUNT).values(credits_remaining=left - 1))
    return True


def _credits(conn: Connection) -> int:
    return int(conn.execute(select(accounts_table.c.credits_remaining)).scalar_one())


def _set_credits(conn: Connection, amount: int) -> None:
    conn.execute(update(accounts_table).values(credits_remaining=amount))


async def test_concurrent_decrements_lose_nothing(database: Database) -> None:
    await database.write(_set_credits, 10)
    taken = await asyncio.gather(*(database.write(_take_one) for _ in range(25)))
    assert sum(taken) == 10
    assert await database.read(_credits) == 0


async def test_two_openings_of_one_file_lose_nothing(tmp_path: Path, sqlite_database: Database) -> None:
    other = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    try:
        await sqlite_database.write(_set_credits, 10)
        both = [database.write(_take_one) for database in (sqlite_database, other) for _ in range(12)]
        assert sum(await asyncio.gather(*both)) == 10
    finally:
        await other.close()


async def test_a_read_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    await database.write(_set_credits, 5)

    def look_twice(conn: Connection) -> tuple[int, int]:
        first = _credits(conn)
        await_only(asyncio.wait_for(database.write(_set_credits, 6), 10))
        return first, _credits(conn)

    assert await database.read(look_twice) == (5, 5)
    assert await database.read(_credits) == 6


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    def half(conn: Connection) -> None:
        _set_credits(conn, 99)
        raise RuntimeError("after the first statement")

    await database.write(_set_credits, 5)
    with pytest.raises(RuntimeError):
        await database.write(half)
    assert await database.read(_credits) == 5


async def test_a_cancelled_caller_does_not_tear_a_transaction_apart(database: Database) -> None:
    await database.write(_set_credits, 5)
    begun = asyncio.create_task(database.write(_set_credits, 6))
    await asyncio.sleep(0)
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    assert await database.read(_credits) == 6


async def test_sqlite_is_set_up_as_measured(sqlite_database: Database) -> None:
    def pragmas(conn: Connection) -> list[object]:
        names = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        return [conn.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await sqlite_database.write(pragmas) == ["wal", 30_000, 1, 2]
    assert await sqlite_database.read(pragmas) == ["wal", 30_000, 1, 2]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "is not an address"),
        ("mysql://root@127.0.0.1/x", "names 'mysql'"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+aiosqlite:////proc/nowhere/bot.db", r"user id \d+ must be able to write to the folder /proc/nowhere"),
        ("postgresql+asyncpg://someone:pass-word@127.0.0.1:1/x", "cannot be opened"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_line(url: str, said: str) -> None:
    with pytest.raises(DatabaseProblem, match=said) as problem:
        await Database.open(url)
    assert "\n" not in str(problem.value)
    assert "pass-word" not in str(problem.value)


def test_a_second_process_on_one_file_is_refused(tmp_path: Path) -> None:
    url = make_url(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    first, second = ProcessLock(url), ProcessLock(url)
    with first, pytest.raises(DatabaseProblem, match="another bot"), second:
        pass
    with ProcessLock(url):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM no_such_table WHERE a = :prompt",
        "INSERT INTO model_timings (model_slug, slot, seconds, at) VALUES (:prompt, 1, NULL, 1)",
    ],
)
async def test_an_error_names_no_value_that_was_written(database: Database, statement: str) -> None:
    """Prompts and ids of members are such values, and errors are logged with all that caused them."""
    with pytest.raises(DBAPIError) as caught:
        await database.write(lambda conn: conn.execute(text(statement), {"prompt": PROMPT}))
    logged = "".join(traceback.format_exception(caught.value))
    assert "model_timings" in logged or "no_such_table" in logged
    assert PROMPT not in logged
