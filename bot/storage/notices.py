"""Notices to the owners: raised in the transaction that finds them out, told once, dropped when they are over."""

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.notices import Notice
from bot.storage.tables.provider import owner_notices_table
from bot.storage.upsert import insert_if_new

_ADD = insert_if_new(owner_notices_table)
_UNTOLD = (
    select(owner_notices_table.c.key, owner_notices_table.c.kind, owner_notices_table.c.data)
    .where(owner_notices_table.c.told_at.is_(None))
    .order_by(owner_notices_table.c.created_at)
)
_SET_TOLD = (
    update(owner_notices_table).where(owner_notices_table.c.key == bindparam("notice")).values(told_at=bindparam("now"))
)
_DELETE = (
    delete(owner_notices_table)
    .where(owner_notices_table.c.key == bindparam("notice"))
    .returning(owner_notices_table.c.told_at)
)


def raise_notice(conn: Connection, notice: Notice, now: float) -> None:
    """Have the owners told, unless a notice with this key stands already."""
    conn.execute(_ADD, {"key": notice.key, "kind": notice.kind, "data": notice.data, "created_at": now})


def untold(conn: Connection) -> list[Notice]:
    """Return what is still to be told, oldest first."""
    return [Notice(*row) for row in conn.execute(_UNTOLD)]


def told(conn: Connection, key: str, now: float) -> None:
    """Note that the owners have it."""
    conn.execute(_SET_TOLD, {"notice": key, "now": now})


def over(conn: Connection, key: str) -> bool:
    """Drop the notice: if its matter comes back, the owners hear of it again. Return whether they had been told."""
    return conn.execute(_DELETE, {"notice": key}).scalar() is not None
