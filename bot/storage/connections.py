"""Who else is connected to a PostgreSQL database."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

APPLICATION = "reelmaker"
"""The name under which this program's connections are listed."""

_OTHERS = text(
    "SELECT coalesce(application_name, ''), count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() "
    "GROUP BY 1 ORDER BY 1"
)
_SPACE = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True)
class Connections:
    """Open connections beside the asking one."""

    bots: int
    others: tuple[str, ...]
    """The names under which other programs are connected; empty names are left out."""
    size_bytes: int
    """The size of the whole database."""


def look(conn: Connection) -> Connections:
    """Return who is connected. PostgreSQL only."""
    counts = {str(name): int(count) for name, count in conn.execute(_OTHERS)}
    bots = counts.pop(APPLICATION, 0)
    return Connections(bots, tuple(name for name in counts if name), int(conn.execute(_SPACE).scalar_one()))
