"""What every table shares: one metadata, constraint names that migrations can rely on, and the column types."""

from sqlalchemy import BigInteger, Double, Integer, MetaData

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

Instant = Double
"""Seconds since the epoch, UTC."""

Credits = BigInteger
"""Whole credits of the provider's account."""

RowId = BigInteger().with_variant(Integer, "sqlite")
"""A counted key: SQLite counts only columns declared INTEGER PRIMARY KEY."""
