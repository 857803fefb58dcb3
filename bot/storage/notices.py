"""What the owners must hear of: noted in the transaction that finds it out, told once, forgotten when it is over."""

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.storage.jobs import upsert
from bot.storage.tables.provider import owner_notices

_untold = select(owner_notices.c.key, owner_notices.c.text).where(owner_notices.c.told_at.is_(None))
_told = update(owner_notices).where(owner_notices.c.key == bindparam("notice")).values(told_at=bindparam("now"))
_over = delete(owner_notices).where(owner_notices.c.key == bindparam("notice"))


def raise_notice(conn: Connection, key: str, text: str, now: float) -> None:
    """Have the owners told, unless they were told about `key` already."""
    row = {"key": key, "text": text, "created_at": now}
    conn.execute(upsert(conn)(owner_notices).values(row).on_conflict_do_nothing())


def untold(conn: Connection) -> list[tuple[str, str]]:
    """Key and text of what is still to be told, oldest first."""
    return [(key, text) for key, text in conn.execute(_untold.order_by(owner_notices.c.created_at))]


def told(conn: Connection, key: str, now: float) -> None:
    """The owners have it."""
    conn.execute(_told, {"notice": key, "now": now})


def over(conn: Connection, key: str) -> None:
    """What it was about has ended: if it comes back, the owners hear of it again."""
    conn.execute(_over, {"notice": key})
