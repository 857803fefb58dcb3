"""Databases as the simulated processes see them: real ones, whose transactions a process may die or sleep beside."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables import metadata
from sandbox import postgres
from sandbox.simulator.tasks import OWNER, TaskOwner

P = ParamSpec("P")
T = TypeVar("T")

_WRITTEN = "written"
"""Key of a connection's info: names of the tables that its transaction wrote to."""


class WatchedDatabase(Database):
    """A database that knows which tables were written to."""

    def __init__(self) -> None:
        self.written = set(metadata.tables)
        """Names of the tables that transactions have written to since this was last cleared; at first all."""

    def under_way(self) -> Awaitable[None] | None:
        """Return what ends when no transaction is under way any more; None if none is."""
        return None

    async def empty_journal(self) -> bool:
        """Nothing is kept in a journal."""
        return True


class DirectDatabase(WatchedDatabase):
    """A SQLite file whose transactions run at once, in the caller's thread: quick, and repeatable.

    On SQLite all transactions are serial anyway.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._conn = engine.connect()
        self._driver: sqlite3.Connection = self._conn.connection.driver_connection  # type: ignore[assignment]  # ours

    @property
    def dialect(self) -> str:
        """Always `sqlite`."""
        return "sqlite"

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction."""
        rows_written = self._driver.total_changes
        self._driver.execute("BEGIN IMMEDIATE")
        with self._conn.begin():
            result = work(self._conn, *args, **kwargs)
        written = self._conn.info.pop(_WRITTEN, set())
        if self._driver.total_changes != rows_written:
            self.written |= written
        return result

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)`. Nothing comes between its statements, so it needs no transaction."""
        with self._conn.begin():
            return work(self._conn, *args, **kwargs)

    async def close(self) -> None:
        """Close the file."""
        self._conn.close()


class ServerDatabase(WatchedDatabase):
    """A database on a server, whose transactions take real time and overlap."""

    def __init__(self, opened: Database) -> None:
        super().__init__()
        self._opened = opened
        self._running = 0
        self._none_runs = asyncio.Event()

    @property
    def dialect(self) -> str:
        """What the server speaks."""
        return self._opened.dialect

    def under_way(self) -> Awaitable[None] | None:
        """Return what ends when no transaction is under way any more; None if none is."""
        return self._end_of_all() if self._running else None

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction."""

        def watched(conn: Connection) -> tuple[T, set[str]]:
            conn.info[_WRITTEN] = set()
            return work(conn, *args, **kwargs), conn.info[_WRITTEN]

        result, written = await self._run(self._opened.write(watched))
        self.written |= written
        return result

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` on one consistent view."""
        return await self._run(self._opened.read(work, *args, **kwargs))

    async def close(self) -> None:
        """Leave the connections open: the next history uses them."""

    async def _run(self, transaction: Awaitable[T]) -> T:
        # A transaction is not paused in its middle: the simulator waits for it.
        token = OWNER.set(None)
        self._running += 1
        self._none_runs.clear()
        try:
            return await transaction
        finally:
            self._running -= 1
            if not self._running:
                self._none_runs.set()
            OWNER.reset(token)

    async def _end_of_all(self) -> None:
        await self._none_runs.wait()


class ProcessDatabase(Database):
    """The shared database as one simulated process sees it."""

    def __init__(self, shared: Database, process: TaskOwner) -> None:
        self._shared = shared
        self._process = process

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._shared.dialect

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Pause, run the transaction, and perhaps die before its result is heard."""
        await self._process.pause("before a transaction")
        result = await self._shared.write(work, *args, **kwargs)
        self._process.committed()
        return result

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Pause, then read."""
        await self._process.pause("before a read")
        return await self._shared.read(work, *args, **kwargs)

    async def empty_journal(self) -> bool:
        """Pause, then empty the shared one."""
        await self._process.pause("before the journal is emptied")
        return await self._shared.empty_journal()

    async def close(self) -> None:
        """Leave the shared database open."""


class Databases(Protocol):
    """Gives each history a migrated database without content."""

    async def prepare(self) -> None:
        """Migrate once, in the event loop of all histories."""

    async def fresh(self) -> WatchedDatabase:
        """Return a database as it was after the migration. The one before is not used any more."""

    async def close(self) -> None:
        """Let go of everything."""


class SqliteDatabases:
    """A SQLite file in `folder`, migrated once and copied for each history.

    All histories share one engine, since that keeps compiled statements. A power cut is not what is simulated, so
    nothing is synchronised, and nobody else has the file, so that it is locked once.
    """

    def __init__(self, folder: Path) -> None:
        self._template, self._path = folder / "template.db", folder / "history.db"
        self._engine = create_engine(f"sqlite:///{self._path}", poolclass=NullPool)
        event.listen(self._engine, "connect", _for_one_history)
        event.listen(self._engine, "after_cursor_execute", _note_table)

    async def prepare(self) -> None:
        """Make the file that is copied."""
        database = await Database.open(f"sqlite+aiosqlite:///{self._template}")
        try:
            await migrate(database)
        finally:
            await database.close()
        with sqlite3.connect(self._template) as file:
            file.execute("PRAGMA journal_mode=DELETE")
        file.close()

    async def fresh(self) -> WatchedDatabase:
        """Return a migrated database; it overwrites the one before."""
        shutil.copyfile(self._template, self._path)
        return DirectDatabase(self._engine)

    async def close(self) -> None:
        """Nothing is held between histories."""


class PostgresDatabases:
    """A PostgreSQL database, migrated once and put back to that state for each history.

    All histories share its connections, since they keep prepared statements.
    """

    def __init__(self, server: postgres.Server) -> None:
        self._server = server

    async def prepare(self) -> None:
        """Migrate, and have the server remember the rows that the migrations leave."""
        url = await self._server.new_database()
        # Simulated days pass: a prepared statement must not grow old.
        kept = {"max_cached_statement_lifetime": 0, "prepared_statement_cache_size": 1000}
        engine = create_async_engine(url, pool_size=10, max_overflow=10, hide_parameters=True, connect_args=kept)
        event.listen(engine.sync_engine, "after_cursor_execute", _note_table)
        self._database = Database(engine, engine.execution_options(isolation_level="REPEATABLE READ"))
        await migrate(self._database)
        await self._database.write(_remember_first_rows)

    async def fresh(self) -> WatchedDatabase:
        """Return the database as it was after the migration."""
        await self._database.write(lambda conn: conn.exec_driver_sql("SELECT back_to_first_rows()"))
        return ServerDatabase(self._database)

    async def close(self) -> None:
        """Close all connections."""
        await self._database.close()


def _for_one_history(driver_connection: Any, _record: object) -> None:
    driver_connection.isolation_level = None
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON"):
        driver_connection.execute(f"PRAGMA {pragma}").close()


def _note_table(conn: Connection, _cursor: Any, _sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    if context.isinsert or context.isupdate or context.isdelete:
        conn.info.setdefault(_WRITTEN, set()).add(context.compiled.compile_state.dml_table.name)


def _remember_first_rows(conn: Connection) -> None:
    """Create the function `back_to_first_rows()`: it makes all tables and sequences what they are now.

    Rows are deleted one by one. TRUNCATE would make new files for each table, and every connection plan anew.
    """
    tables = [table.name for table in metadata.sorted_tables]
    guarded = conn.exec_driver_sql("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    guarded_tables = list(guarded.scalars())
    conn.exec_driver_sql("CREATE SCHEMA first_rows")
    steps = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded_tables]
    steps += [f"DELETE FROM {name}" for name in reversed(tables)]  # noqa: S608 - names of our own tables
    for name in tables:
        conn.exec_driver_sql(f"CREATE TABLE first_rows.{name} AS TABLE {name}")
        steps.append(f"INSERT INTO {name} SELECT * FROM first_rows.{name}")  # noqa: S608 - as above
    steps += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded_tables]
    for sequence, last in conn.exec_driver_sql("SELECT sequencename, last_value FROM pg_sequences").all():
        steps.append(f"PERFORM setval('{sequence}', {last or 1}, {str(last is not None).lower()})")
    body = "; ".join(steps)
    conn.exec_driver_sql(
        f"CREATE FUNCTION back_to_first_rows() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body}; END $$"
    )
