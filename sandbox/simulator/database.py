"""Databases as the simulated processes see them: real ones, whose transactions a process may die or sleep beside."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, event

from bot.storage.database import Database, sqlite_connect
from bot.storage.migrations import migrate

P = ParamSpec("P")
T = TypeVar("T")


class Sleeper(Protocol):
    """A simulated process, as its database needs it."""

    async def pause(self, where: str) -> None:
        """Return when the process goes on. Raises CancelledError if it is killed meanwhile."""

    def committed(self) -> None:
        """Hear that a transaction is committed. Raises CancelledError if the process dies here."""


class CountedDatabase(Database):
    """A database that counts what was committed."""

    commits = 0


class DirectDatabase(CountedDatabase):
    """A SQLite file whose transactions run at once, in the caller's thread: quick, and repeatable.

    On SQLite all transactions are serial anyway. A power cut is not what is simulated, so nothing is synchronised.
    """

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", sqlite_connect)
        event.listen(self._engine, "connect", _without_synchronising)
        event.listen(self._engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
        self._conn = self._engine.connect()

    @property
    def dialect(self) -> str:
        """Always `sqlite`."""
        return "sqlite"

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction."""
        with self._conn.begin():
            result = work(self._conn, *args, **kwargs)
        self.commits += 1
        return result

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction."""
        with self._conn.begin():
            return work(self._conn, *args, **kwargs)

    async def close(self) -> None:
        """Close the file."""
        self._conn.close()
        self._engine.dispose()


def _without_synchronising(dbapi_connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


class ProcessDatabase(Database):
    """The shared database as one simulated process sees it."""

    def __init__(self, shared: Database, process: Sleeper) -> None:
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

    async def close(self) -> None:
        """Leave the shared database open."""


class Template:
    """A migrated SQLite file, made once and copied for each history."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"

    def fresh(self) -> DirectDatabase:
        """Return a migrated database of its own; the one before is overwritten."""
        if not self._template.exists():
            asyncio.run(self._make())
        path = self._folder / "history.db"
        shutil.copyfile(self._template, path)
        return DirectDatabase(path)

    async def _make(self) -> None:
        database = await Database.open(f"sqlite+aiosqlite:///{self._template}")
        try:
            await migrate(database)
        finally:
            await database.close()
        # The write-ahead log is empty after the last connection has closed; the file is whole.
