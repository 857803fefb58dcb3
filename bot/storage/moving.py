"""Carry everything from a SQLite database to an empty one on PostgreSQL, in pieces that can be gone on with.

How far it came is kept in the new database, in the transaction of each piece, in a table that is dropped at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)

from bot.storage.database_problems import DatabaseProblem
from bot.storage.tables import metadata

ROWS = 1000
"""Rows of one piece."""

_progress = Table(
    "move_progress",
    MetaData(),
    Column("table_name", String(100), primary_key=True),
    Column("rows_moved", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("source", String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one table, and whether they are the last ones. `moved` counts the table's rows before them."""

    table: str
    rows: Sequence[Mapping[str, Any]]
    moved: int
    last: bool


def tables() -> list[str]:
    """Return the names of all tables, each after those that its rows refer to."""
    return [table.name for table in metadata.sorted_tables]


def count(conn: Connection, table: str) -> int:
    """Return the number of a table's rows."""
    return int(conn.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one())


def read(conn: Connection, table: str, moved: int) -> Piece:
    """Return the next rows of a table in the order of its primary key, after the first `moved` ones."""
    source = metadata.tables[table]
    keys = list(source.primary_key.columns)
    query = select(source).order_by(*keys).limit(ROWS)
    if moved:
        # The row before is looked up by its place once; what follows is found by the key's index.
        before = conn.execute(select(*keys).order_by(*keys).offset(moved - 1).limit(1)).one()
        query = query.where(tuple_(*keys) > tuple_(*before))
    rows = [dict(row._mapping) for row in conn.execute(query)]
    return Piece(table, rows, moved, len(rows) < ROWS)


def prepare(conn: Connection, source: str) -> dict[str, tuple[int, bool]]:
    """Return how far each table has come: rows, and whether all are there. Begins where nothing was begun.

    Raises DatabaseProblem where the database holds data of its own, or of a move from elsewhere.
    """
    if not inspect(conn).has_table(_progress.name):
        for table in metadata.sorted_tables:
            if table.name != "accounts" and count(conn, table.name):
                raise DatabaseProblem(f"the new database is not empty: there are rows in {table.name}")
        conn.execute(text("DELETE FROM accounts"))  # what a new schema begins with
        _progress.create(conn)
        rows = [{"table_name": name, "rows_moved": 0, "done": False, "source": source} for name in tables()]
        conn.execute(insert(_progress), rows)
    begun = list(conn.execute(select(_progress)))
    if any(row.source != source for row in begun):
        raise DatabaseProblem("the new database holds a part of another database: use an empty one")
    return {row.table_name: (row.rows_moved, row.done) for row in begun}


def write(conn: Connection, piece: Piece) -> None:
    """Write a piece, and note that it is there."""
    table = metadata.tables[piece.table]
    if piece.rows:
        conn.execute(insert(table), list(piece.rows))
    if piece.last:
        _count_on(conn, table)
    moved = {"rows_moved": piece.moved + len(piece.rows), "done": piece.last}
    conn.execute(update(_progress).where(_progress.c.table_name == piece.table).values(moved))


def finish(conn: Connection) -> None:
    """Forget how far it came: all is there."""
    _progress.drop(conn)


def is_unfinished(conn: Connection) -> bool:
    """Tell whether a move into this database was begun and not finished."""
    return bool(inspect(conn).has_table(_progress.name))


def _count_on(conn: Connection, table: Table) -> None:
    """Have the table's counter, where it has one, go on after the highest number that came along."""
    for column in _counted(table):
        conn.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "  # noqa: S608 - own names
                f"coalesce(max({column.name}), 0) + 1, false) FROM {table.name}"
            )
        )


def _counted(table: Table) -> Iterator[Column[Any]]:
    column = table.autoincrement_column
    if column is not None:
        yield column
