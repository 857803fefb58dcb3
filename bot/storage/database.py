"""Transactions: `write()` and `read()` run plain functions of a connection, on SQLite and on PostgreSQL alike.

SQLite needs care, all of it measured: a transaction that reads before it writes must begin with BEGIN IMMEDIATE, or
concurrent ones lose updates or fail as locked. So the driver's own transaction control is switched off, one held writer
connection behind a lock begins immediately, and readers have an engine of their own. PostgreSQL takes each transaction
from a pool; what must not interleave there is locked by row inside the functions.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage.connections import APPLICATION
from bot.storage.database_problems import DatabaseProblem, problem_of

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_MS = 30_000
"""Milliseconds to wait for a writer of another process, for example a backup or a migration."""
log = logging.getLogger(__name__)

INCREMENTAL = 2
"""SQLite's number for a file that gives pages back when it is asked to."""


_IDLE_MILLISECONDS_MAX = "10000"
"""Milliseconds after which PostgreSQL ends a transaction whose process says nothing more. A suspended machine would
otherwise keep its locks, and the whole fleet would wait for it."""
_SESSION = {"application_name": APPLICATION, "idle_in_transaction_session_timeout": _IDLE_MILLISECONDS_MAX}
"""PostgreSQL's settings for each connection."""


class Database:
    """Open with `await Database.open(url)`, close with `await close()`."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer_engine = writer
        self._reader_engine = reader
        self._writer: AsyncConnection | None = None
        self._writer_lock = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()
        self.observe: Callable[[str, float], None] = _unobserved
        """Told of each transaction: `read` or `write`, and its seconds with the wait for its turn."""

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self._writer_engine.dialect.name

    @property
    def url(self) -> URL:
        """Return the address, with its password."""
        return self._writer_engine.url

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect to `url`, for example `sqlite+aiosqlite:///data/bot.db` or `postgresql+asyncpg://…`.

        Raises DatabaseProblem where it cannot be reached; creates a SQLite file's folder, never the schema.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            _make_folder(parsed)
            database = cls(_sqlite_engine(parsed, "BEGIN IMMEDIATE"), _sqlite_engine(parsed, "BEGIN"))
        else:
            engine = create_async_engine(
                parsed,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"server_settings": _SESSION},
            )
            event.listen(engine.sync_engine, "handle_error", forget_row)
            # Reads see one moment: several statements of one read must not disagree with each other.
            database = cls(engine, engine.execution_options(isolation_level="REPEATABLE READ"))
        try:
            if database.dialect == "sqlite":
                database._writer = await database._writer_engine.connect()
            await database.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar())
        except (DBAPIError, OSError) as error:
            await database.close()
            raise problem_of(parsed, error) from error
        return database

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction and commit it; any exception rolls all of it back.

        A cancelled caller waits until the transaction has ended.
        """
        task = asyncio.ensure_future(self._run_write(lambda conn: work(conn, *args, **kwargs)))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    async def _run_write(self, work: Callable[[Connection], T]) -> T:
        began = time.monotonic()
        try:
            if self._writer is None:
                async with self._writer_engine.begin() as conn:
                    return await conn.run_sync(work)
            async with self._writer_lock, self._writer.begin():
                return await self._writer.run_sync(work)
        finally:
            self.observe("write", time.monotonic() - began)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` on one consistent view of the data. `work` must not write."""
        began = time.monotonic()
        try:
            async with self._reader_engine.connect() as conn:
                return await conn.run_sync(lambda sync: work(sync, *args, **kwargs))
        finally:
            self.observe("read", time.monotonic() - began)

    async def empty_journal(self) -> bool:
        """Write the journal's pages into the SQLite file and empty it: words that were erased must not stay in it.

        Returns False where a reader kept it from being emptied. A server's journal is its own business.
        """
        if self._writer is None:
            return True
        async with self._writer_lock:
            driver: Any = (await self._writer.get_raw_connection()).driver_connection
            async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                busy, *_ = await cursor.fetchone()
        return not busy

    async def give_space_back(self, pages: int) -> None:
        """Give at most this many free pages of a SQLite file back to the disk. A server does this by itself."""
        if self._writer is not None:
            async with self._writer_lock:
                driver: Any = (await self._writer.get_raw_connection()).driver_connection
                # Only a script is stepped to its end: the pragma frees one page a step.
                await driver.executescript(f"PRAGMA incremental_vacuum({pages})")

    async def prepare_to_shrink(self) -> bool:
        """Rewrite a SQLite file that an earlier version made, once, so that space can be given back.

        A new file can shrink from the beginning. Returns whether the file was rewritten: not where that is not needed,
        and not where the disk has no room for a second copy.
        """
        if self._writer is None:
            return False
        async with self._writer_lock:
            driver: Any = (await self._writer.get_raw_connection()).driver_connection
            try:
                [(mode,)] = await driver.execute_fetchall("PRAGMA auto_vacuum")
                if mode == INCREMENTAL:
                    return False
                await driver.execute_fetchall(f"PRAGMA auto_vacuum={INCREMENTAL}")
                await driver.execute_fetchall("VACUUM")
            except sqlite3.Error as error:
                log.warning("the database's file cannot shrink: %s", error, extra={"action": "vacuum"})
                return False
        log.info("the database's file was rewritten, so that it can shrink", extra={"action": "vacuum"})
        return True

    async def close(self) -> None:
        """Finish the transactions under way, then let go of every connection."""
        if self._writes:
            await asyncio.wait(self._writes)
        if self._writer is not None:
            await self._writer.close()
        await self._writer_engine.dispose()
        if self._reader_engine is not self._writer_engine:
            await self._reader_engine.dispose()


def database_file(url: str) -> Path | None:
    """Return the file of a SQLite database, None for one on a server. Raises DatabaseProblem as `parse_url` does."""
    parsed = parse_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _unobserved(_kind: str, _seconds: float) -> None:
    """Tell nobody."""


def parse_url(url: str) -> URL:
    """Return the address of a supported kind of database. Raises DatabaseProblem for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseProblem("DATABASE_URL is not an address: for example sqlite+aiosqlite:///data/bot.db") from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise DatabaseProblem(
            f"DATABASE_URL names '{parsed.drivername}': use sqlite+aiosqlite:///… or postgresql+asyncpg://…"
        )
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseProblem("DATABASE_URL names no file: credits and jobs must outlive the process")
    return parsed


def sqlite_connect(dbapi_connection: Any, _record: object) -> None:
    """Switch off the driver's transaction control and set what every SQLite connection here relies on."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"auto_vacuum={INCREMENTAL}",  # before the first page: later it needs a VACUUM
        "journal_mode=WAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",  # what is deleted is overwritten: nobody reads it in the file
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def forget_row(context: ExceptionContext) -> None:
    """Take the row that PostgreSQL names in an error's details out of it: errors are logged, prompts must not be."""
    for error in (context.sqlalchemy_exception, context.original_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).split("\nDETAIL:", 1)[0], *error.args[1:])
    if (cause := context.original_exception.__cause__) is not None:
        cause.detail = None  # type: ignore[attr-defined]  # asyncpg puts it into the error's text


def _sqlite_engine(url: URL, begin: str) -> AsyncEngine:
    # Errors are logged: without parameters they show no prompts and no ids of members.
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", sqlite_connect)
    event.listen(engine.sync_engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


def _make_folder(url: URL) -> None:
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem_of(url, error) from error
