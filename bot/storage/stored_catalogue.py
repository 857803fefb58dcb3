"""The provider's last good catalogue, as it came: what a start without the provider begins with."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.storage.tables.provider import catalogues_table
from bot.storage.upsert import upsert

_READ = select(catalogues_table.c.answer, catalogues_table.c.fetched_at).where(
    catalogues_table.c.account_id == bindparam("account_id")
)
_SAVE = upsert(catalogues_table, (catalogues_table.c.version, catalogues_table.c.answer, catalogues_table.c.fetched_at))


def load(conn: Connection, account_id: int) -> tuple[Any, float] | None:
    """Return the last good answer and when it was fetched; None if there never was one."""
    row = conn.execute(_READ, {"account_id": account_id}).one_or_none()
    return (row[0], row[1]) if row else None


def save(conn: Connection, account_id: int, version: str, answer: Any, now: float) -> None:
    """Keep the answer in place of the one before."""
    values = {"account_id": account_id, "version": version, "answer": answer, "fetched_at": now}
    conn.execute(_SAVE, values)
