"""The worker's side of renders: which one is due, who is at it, and what became of it.

Whoever claims a render holds a lease on it. Every further statement names the lease's owner and changes nothing where
another process has taken the render over, or where the reel changed and the render has to begin again.
"""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from bot.domain.reel_renders import OPEN, ReelRender, ReelRenderState
from bot.storage.reel_renders import COLUMNS
from bot.storage.tables.reels import reel_renders_table

_RENDER = reel_renders_table.c
_DUE = (
    select(_RENDER.id)
    .where(
        _RENDER.state.in_(OPEN),
        _RENDER.due_at <= bindparam("now"),
        or_(_RENDER.lease_until.is_(None), _RENDER.lease_until <= bindparam("now")),
    )
    .order_by(_RENDER.id)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_CLAIM = (
    update(reel_renders_table)
    .where(_RENDER.id.in_(_DUE.scalar_subquery()))
    .values(
        state=ReelRenderState.RUNNING,
        progress=0,
        attempts=_RENDER.attempts + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
    )
    .returning(*COLUMNS)
)
_OWN = update(reel_renders_table).where(
    _RENDER.id == bindparam("render"),
    _RENDER.lease_owner == bindparam("owner"),
    _RENDER.state == ReelRenderState.RUNNING,
)
_NO_LEASE = {"lease_owner": None, "lease_until": None}
_RELEASE = (
    update(reel_renders_table)
    .where(_RENDER.state == ReelRenderState.RUNNING)
    .values(state=ReelRenderState.WAITING, due_at=bindparam("now"), **_NO_LEASE)
)
_NEXT_DUE = select(func.min(func.coalesce(_RENDER.lease_until, _RENDER.due_at))).where(
    and_(_RENDER.state.in_(OPEN), _RENDER.due_at.is_not(None))
)


def claim(conn: Connection, owner: str, lease_seconds: float, now: float) -> ReelRender | None:
    """Take the oldest render that is due; None where there is none. Counts the attempt beforehand."""
    row = conn.execute(_CLAIM, {"now": now, "owner": owner, "until": now + lease_seconds}).one_or_none()
    return ReelRender(*row) if row else None


def renew(conn: Connection, /, render_id: int, owner: str, until: float, **values: Any) -> bool:
    """Hold the lease until a moment, and set columns. Returns False where the render is not the owner's any more."""
    key = {"render": render_id, "owner": owner}
    return conn.execute(_OWN.values(lease_until=until, **values), key).rowcount == 1


def give_back(conn: Connection, render_id: int, owner: str, due_at: float) -> bool:
    """Let a render wait for another attempt, by whomever. Returns False where it is not the owner's any more."""
    values = {"state": ReelRenderState.WAITING, "progress": 0, "due_at": due_at, **_NO_LEASE}
    return conn.execute(_OWN.values(**values), {"render": render_id, "owner": owner}).rowcount == 1


def end(conn: Connection, /, render_id: int, owner: str, state: ReelRenderState, now: float, **values: Any) -> bool:
    """Note that a render has ended, and how. Returns False where it is not the owner's any more."""
    ended = {"state": state, "ended_at": now, "due_at": None, **_NO_LEASE, **values}
    return conn.execute(_OWN.values(**ended), {"render": render_id, "owner": owner}).rowcount == 1


def release(conn: Connection, now: float) -> None:
    """Let every render begin again that somebody was at: at the start of the only process on a database."""
    conn.execute(_RELEASE, {"now": now})


def next_due(conn: Connection) -> float | None:
    """Return the moment at which a render is due next; None where none waits."""
    due: float | None = conn.execute(_NEXT_DUE).scalar_one()
    return due
