"""Erasures that members asked for: kept until they are done, so that a restart takes them up."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.domain.privacy import Erasure, new_pseudonym
from bot.storage.tables.privacy import erasures_table
from bot.storage.upsert import upsert

_COLUMNS = tuple(erasures_table.c[name] for name in Erasure.__dataclass_fields__)
_REQUEST = upsert(
    erasures_table, (erasures_table.c.delete_messages, erasures_table.c.requested_at, erasures_table.c.due_at)
)
_DUE = (
    select(erasures_table.c.member_id, erasures_table.c.guild_id)
    .where(erasures_table.c.due_at <= bindparam("now"))
    .order_by(erasures_table.c.due_at)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)
_ONE = (erasures_table.c.member_id == bindparam("member"), erasures_table.c.guild_id == bindparam("guild"))
_SET_DUE = update(erasures_table).where(*_ONE).values(due_at=bindparam("at"))
_CLAIM = _SET_DUE.returning(*_COLUMNS)
_END = delete(erasures_table).where(*_ONE, erasures_table.c.requested_at == bindparam("requested"))
_NEXT_DUE = select(func.min(erasures_table.c.due_at))
_COUNT = select(func.count()).where(erasures_table.c.member_id == bindparam("member"))
_RELEASE = update(erasures_table).where(erasures_table.c.due_at > bindparam("now")).values(due_at=bindparam("now"))


def request(conn: Connection, member_id: int, guild_ids: Iterable[int], *, delete_messages: bool, now: float) -> None:
    """Have a member's data in these guilds erased. One that is under way goes on, up to this moment."""
    rows = [
        {
            "member_id": member_id,
            "guild_id": guild_id,
            "pseudonym": new_pseudonym(),
            "delete_messages": delete_messages,
            "requested_at": now,
            "due_at": now,
        }
        for guild_id in guild_ids
    ]
    if rows:
        conn.execute(_REQUEST, rows)


def claim(conn: Connection, now: float, lease_seconds: float) -> Erasure | None:
    """Take an erasure that is due, for `lease_seconds`. If its worker dies, another takes it then."""
    key = conn.execute(_DUE, {"now": now}).one_or_none()
    if key is None:
        return None
    values = {"member": key.member_id, "guild": key.guild_id, "at": now + lease_seconds}
    return Erasure(*conn.execute(_CLAIM, values).one())


def later(conn: Connection, erasure: Erasure, due_at: float) -> None:
    """Go on with an erasure at `due_at`."""
    conn.execute(_SET_DUE, {"member": erasure.member_id, "guild": erasure.guild_id, "at": due_at})


def release(conn: Connection, now: float) -> None:
    """Make every erasure due. Call this only at the start of the only process, when whoever worked at one is gone."""
    conn.execute(_RELEASE, {"now": now})


def end(conn: Connection, erasure: Erasure) -> None:
    """Forget an erasure that is done, and with it whom its pseudonym stands for. One asked for anew meanwhile stays."""
    key = {"member": erasure.member_id, "guild": erasure.guild_id, "requested": erasure.requested_at}
    conn.execute(_END, key)


def next_due(conn: Connection) -> float | None:
    """Return when the next erasure is due; None if there is none."""
    return conn.execute(_NEXT_DUE).scalar()


def count(conn: Connection, member_id: int) -> int:
    """Return in how many guilds a member's erasure is under way."""
    return int(conn.execute(_COUNT, {"member": member_id}).scalar_one())
