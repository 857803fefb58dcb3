"""Databases as the simulated processes see them: real ones, whose transactions a process may die or sleep beside."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from bot.storage.database import Database, sqlite_connect
from bot.storage.migrations import migrate
from sandbox import postgres
from sandbox.simulator.tasks import OWNER, TaskOwner

P = ParamSpec("P")
T = TypeVar("T")


class CountedDatabase(Database):
    """A database that counts what was committed."""

    commits = 0

    def busy(self) -> bool:
        """Return whether a transaction is under way."""
        return False


class DirectDatabase(CountedDatabase):
    """A SQLite file whose transactions run at once, in the caller's thread: quick, and repeatable.

    On SQLite all transactions are serial anyway. A power cut is not what is simulated, so nothing is synchronised.
    """

    def __init__(self, engine: Engine) -> None:
        self._conn = engine.connect()

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


def _without_synchronising(dbapi_connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


class ServerDatabase(CountedDatabase):
    """A database on a server, whose transactions take real time and overlap."""

    def __init__(self, opened: Database) -> None:
        self._opened = opened
        self._under_way = 0

    @property
    def dialect(self) -> str:
        """What the server speaks."""
        return self._opened.dialect

    def busy(self) -> bool:
        """Return whether a transaction is under way."""
        return self._under_way > 0

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` in one transaction."""
        with self._counted():
            result = await self._opened.write(work, *args, **kwargs)
        self.commits += 1
        return result

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(conn, …)` on one consistent view."""
        with self._counted():
            return await self._opened.read(work, *args, **kwargs)

    async def close(self) -> None:
        """Close all connections."""
        await self._opened.close()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        # A transaction is not paused in its middle: the simulator waits for it.
        token = OWNER.set(None)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            OWNER.reset(token)


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

    async def close(self) -> None:
        """Leave the shared database open."""


class SqliteTemplate:
    """A migrated SQLite file in `folder`, made once and copied for each history.

    All histories share one engine, since that keeps compiled statements.
    """

    def __init__(self, folder: Path) -> None:
        self._template, self._path = folder / "template.db", folder / "history.db"
        self._engine = create_engine(f"sqlite:///{self._path}", poolclass=NullPool)
        event.listen(self._engine, "connect", sqlite_connect)
        event.listen(self._engine, "connect", _without_synchronising)
        event.listen(self._engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))

    async def prepare(self) -> None:
        """Make the template."""
        database = await Database.open(f"sqlite+aiosqlite:///{self._template}")
        try:
            await migrate(database)
        finally:
            await database.close()

    async def fresh(self) -> CountedDatabase:
        """Return a migrated database; it overwrites the one before."""
        shutil.copyfile(self._template, self._path)
        return DirectDatabase(self._engine)


class PostgresTemplate:
    """A migrated PostgreSQL database, made once and copied for each history."""

    def __init__(self, server: postgres.Server) -> None:
        self._server = server
        self._template = ""

    async def prepare(self) -> None:
        """Make the template."""
        self._template = await self._server.new_database()
        database = await Database.open(self._template)
        try:
            await migrate(database)
        finally:
            await database.close()

    async def fresh(self) -> CountedDatabase:
        """Return a migrated database of its own."""
        return ServerDatabase(await Database.open(await self._server.new_database(template=self._template)))
