"""What every table shares: one metadata, constraint names that migrations can rely on, and the column types."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Double, Enum, Integer, MetaData
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Snowflake = BigInteger
"""A Discord id."""


class PersonId(BigInteger):
    """The Discord id of a person. Somebody whose data was erased has a pseudonym (`bot.domain.privacy`)."""


Instant = Double
"""Seconds since the epoch, UTC."""

Credits = BigInteger
"""Whole credits of the provider's account."""

RowId = BigInteger().with_variant(Integer, "sqlite")
"""A counted key: SQLite counts only columns declared INTEGER PRIMARY KEY."""


class Flag(TypeDecorator[bool]):
    """True or False, stored as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Return what is stored."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """Return what was meant."""
        return None if value is None else bool(value)


def one_of(values: type[StrEnum], length: int) -> Enum:
    """Return the type of a column that holds members of `values`, stored as text of at most `length` characters."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda kind: [member.value for member in kind],
    )
