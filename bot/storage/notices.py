"""Notices to the owners: raised in the transaction that finds them out, told once, dropped when they are over."""

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.notices import Notice, NoticeKind
from bot.storage.jobs import upsert
from bot.storage.tables.provider import owner_notices

_SELECT_UNTOLD = (
    select(owner_notices.c.key, owner_notices.c.kind, owner_notices.c.data)
    .where(owner_notices.c.told_at.is_(None))
    .order_by(owner_notices.c.created_at)
)
_SET_TOLD = update(owner_notices).where(owner_notices.c.key == bindparam("notice")).values(told_at=bindparam("now"))
_DELETE = delete(owner_notices).where(owner_notices.c.key == bindparam("notice"))


def raise_notice(conn: Connection, notice: Notice, now: float) -> None:
    """Have the owners told, unless a notice with this key stands already."""
    row = {"key": notice.key, "kind": notice.kind.value, "data": notice.data, "created_at": now}
    conn.execute(upsert(conn)(owner_notices).values(row).on_conflict_do_nothing())


def untold(conn: Connection) -> list[Notice]:
    """Return what is still to be told, oldest first."""
    return [Notice(key, NoticeKind(kind), data) for key, kind, data in conn.execute(_SELECT_UNTOLD)]


def told(conn: Connection, key: str, now: float) -> None:
    """Note that the owners have it."""
    conn.execute(_SET_TOLD, {"notice": key, "now": now})


def over(conn: Connection, key: str) -> None:
    """Drop the notice: if its matter comes back, the owners hear of it again."""
    conn.execute(_DELETE, {"notice": key})
