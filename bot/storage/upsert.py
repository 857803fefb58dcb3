"""INSERT … ON CONFLICT for both databases.

PostgreSQL's form of the statement is the one that SQLAlchemy also compiles for SQLite, so no dialect is asked for.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_if_new(table: Table) -> Insert:
    """Insert rows, and leave those whose key exists as they are."""
    return insert(table).on_conflict_do_nothing()


def upsert(table: Table, replaced: Sequence[Column[object]], *, added: Sequence[Column[object]] = ()) -> Insert:
    """Insert rows; where the primary key exists, replace the columns `replaced` and add to the columns `added`."""
    statement = insert(table)
    changes: dict[str, Any] = {column.name: statement.excluded[column.name] for column in replaced}
    changes |= {column.name: column + statement.excluded[column.name] for column in added}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)
