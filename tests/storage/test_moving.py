"""A bot on SQLite moves to PostgreSQL: everything comes along, also after interruptions, and the counters go on."""

import asyncio
import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from benchmarks.filling import fill
from bot.composition.upgrade import bring_up_to_date
from bot.moving import move
from bot.storage import moving
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.tables import metadata
from bot.storage.tables.jobs import job_events_table, jobs_table
from bot.storage.tables.money import ledger_entries_table
from tests.conftest import postgres_of
from tests.support.bench import bench

ROOT = Path(__file__).resolve().parents[2]
JOBS = 2_500
"""More than two pieces of rows."""


@pytest.fixture
async def source(sqlite_database: Database, tmp_path: Path) -> str:
    """The address of a SQLite database in which much has happened, that no bot uses."""
    async with bench(sqlite_database, tmp_path) as engine:
        await engine.settled("a boat", "a fox", "a ship")
        await engine.deliver()
    await sqlite_database.write(fill, JOBS, 1_000_000.0)
    await sqlite_database.close()
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
async def target(request: pytest.FixtureRequest) -> str:
    return await postgres_of(request).new_database()


async def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    def read(conn: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: sorted((tuple(row) for row in conn.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

    database = await Database.open(url)
    try:
        return await database.read(read)
    finally:
        await database.close()


async def test_everything_comes_along(source: str, target: str) -> None:
    said: list[str] = []
    await move(source, target, said.append)
    there = await contents(target)
    assert there == await contents(source)
    assert len(there["jobs"]) > JOBS
    assert there["ledger_entries"]
    assert f"jobs: {len(there['jobs']):,} rows" in said
    assert "Set DATABASE_URL to the new address" in said[-2]


async def test_what_is_counted_goes_on_after_the_highest_number(source: str, target: str) -> None:
    await move(source, target, lambda _: None)
    database = await Database.open(target)
    try:
        job_id = await database.read(lambda conn: conn.execute(select(jobs_table.c.id).limit(1)).scalar_one())
        event = {"job_id": job_id, "at": 1.0, "state": "queued", "detail": "after the move"}
        highest = await database.read(lambda conn: conn.execute(select(func.max(job_events_table.c.id))).scalar())
        await database.write(lambda conn: conn.execute(insert(job_events_table).values(event)))
        assert (
            await database.read(
                lambda conn: conn.execute(
                    select(job_events_table.c.id).where(job_events_table.c.detail == "after the move")
                ).scalar_one()
            )
            == (highest or 0) + 1
        )
    finally:
        await database.close()


async def test_an_interrupted_move_goes_on_where_it_stopped(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    write = moving.write

    def cut_off(conn: Connection, piece: moving.Piece) -> None:
        if piece.table == "jobs" and piece.moved and "cut" not in written:
            written.append("cut")
            write(conn, piece)
            raise ConnectionError("a power cut within the transaction")
        write(conn, piece)

    monkeypatch.setattr(moving, "write", cut_off)
    with pytest.raises(ConnectionError):
        await move(source, target, lambda _: None)
    await move(source, target, lambda _: None)
    assert await contents(target) == await contents(source)


async def test_another_database_is_not_mixed_into_one_with_data(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await move(source, target, lambda _: None)
    before = await contents(target)
    with pytest.raises(DatabaseProblem, match="not empty"):
        await move(source, target, lambda _: None)
    assert await contents(target) == before


async def test_a_bot_starts_on_no_half_moved_database(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(_: Connection, __: moving.Piece) -> None:
        raise ConnectionError

    monkeypatch.setattr(moving, "write", cut_off)
    with pytest.raises(ConnectionError):
        await move(source, target, lambda _: None)
    database = await Database.open(target)
    try:
        with pytest.raises(DatabaseProblem, match="move into this database was not finished"):
            await bring_up_to_date(database)
    finally:
        await database.close()


async def test_rows_that_do_not_arrive_are_noticed(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write = moving.write

    def forgetful(conn: Connection, piece: moving.Piece) -> None:
        rows = piece.rows[1:] if piece.table == ledger_entries_table.name else piece.rows
        write(conn, moving.Piece(piece.table, rows, piece.moved, piece.last))

    monkeypatch.setattr(moving, "write", forgetful)
    with pytest.raises(DatabaseProblem, match="ledger_entries has"):
        await move(source, target, lambda _: None)


@pytest.mark.parametrize(
    ("source_url", "target_url", "said"),
    [
        ("postgresql+asyncpg://127.0.0.1/x", "postgresql+asyncpg://127.0.0.1/y", "names no SQLite file"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///y.db", "names no PostgreSQL database"),
        ("sqlite+aiosqlite:///x.db", "mysql://127.0.0.1/y", "--to"),
    ],
)
async def test_addresses_that_are_the_wrong_way_round_are_named(
    source_url: str, target_url: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatabaseProblem, match=said):
        await move(source_url, target_url, lambda _: None)
    assert list(tmp_path.iterdir()) == []


async def test_the_documented_commands_copy_a_postgresql_database(
    source: str, target: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    await move(source, target, lambda _: None)
    new = await postgres_of(request).new_database()
    commands = re.findall(r"```sh\n(.+?)\n```", (ROOT / "docs/operations.md").read_text())
    assert [command.split()[0] for command in commands] == ["pg_dump", "pg_restore"]
    addresses = {name: url.replace("+asyncpg", "") for name, url in (("DATABASE", target), ("NEW_DATABASE", new))}
    tools = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    environment = addresses | {"COPY": str(tmp_path / "copy"), "PATH": os.pathsep.join([*tools, os.environ["PATH"]])}
    if shutil.which("pg_dump", path=environment["PATH"]) is None:
        pytest.skip("this machine has no pg_dump")
    for command in commands:
        shell = partial(subprocess.run, env=environment, capture_output=True, text=True, check=False)
        done = await asyncio.to_thread(shell, ["sh", "-c", command])
        assert done.returncode == 0, done.stderr
    assert await contents(new) == await contents(target)
