"""Renders of reels: asked for by members, carried out by a worker, one at a time for each reel."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from bot.domain.reel_renders import OPEN, ReelRender, ReelRenderState
from bot.storage.tables.reels import reel_render_makers_table, reel_renders_table
from bot.storage.upsert import insert_if_new

_RENDER = reel_renders_table.c
COLUMNS = tuple(_RENDER[name] for name in ReelRender.__dataclass_fields__)
_IS_OPEN = _RENDER.state.in_(OPEN)
_ONE = select(*COLUMNS).where(_RENDER.id == bindparam("render"))
_OPEN_OF = select(*COLUMNS).where(_RENDER.reel_id == bindparam("reel"), _IS_OPEN)
_LATEST_OF = select(*COLUMNS).where(_RENDER.reel_id == bindparam("reel")).order_by(_RENDER.id.desc()).limit(1)
_ADD = insert(reel_renders_table).returning(_RENDER.id)
_COUNT_OPEN = select(func.count()).where(_IS_OPEN)
_AHEAD = _COUNT_OPEN.where(or_(_RENDER.state == ReelRenderState.RUNNING, _RENDER.id < bindparam("render")))
_OPEN_IN_GUILD = _COUNT_OPEN.where(_RENDER.guild_id == bindparam("guild"))
_SET = update(reel_renders_table).where(_RENDER.id == bindparam("render"))
_ADD_MAKERS = insert_if_new(reel_render_makers_table)


def ask(conn: Connection, reel_id: int, guild_id: int, channel_id: int, actor_id: int, now: float) -> int:
    """Have a locked reel rendered that has no open render, and return the render's id."""
    values = {
        "reel_id": reel_id,
        "guild_id": guild_id,
        "channel_id": channel_id,
        "asked_by": actor_id,
        "asked_at": now,
        "state": ReelRenderState.WAITING,
        "progress": 0,
        "attempts": 0,
        "due_at": now,
        "dropped": 0,
    }
    return int(conn.execute(_ADD, values).scalar_one())


def find(conn: Connection, render_id: int) -> ReelRender | None:
    """Return the render with this id, or None."""
    row = conn.execute(_ONE, {"render": render_id}).one_or_none()
    return ReelRender(*row) if row else None


def open_of(conn: Connection, reel_id: int) -> ReelRender | None:
    """Return the render of a reel that has not ended; None where there is none."""
    row = conn.execute(_OPEN_OF, {"reel": reel_id}).one_or_none()
    return ReelRender(*row) if row else None


def latest_of(conn: Connection, reel_id: int) -> ReelRender | None:
    """Return the render of a reel that was asked for last; None where there was none."""
    row = conn.execute(_LATEST_OF, {"reel": reel_id}).one_or_none()
    return ReelRender(*row) if row else None


def count_open(conn: Connection, guild_id: int | None = None) -> int:
    """Return how many renders have not ended, of one guild or of all."""
    if guild_id is None:
        return int(conn.execute(_COUNT_OPEN).scalar_one())
    return int(conn.execute(_OPEN_IN_GUILD, {"guild": guild_id}).scalar_one())


def ahead_of(conn: Connection, render_id: int) -> int:
    """Return how many renders come before one that waits."""
    return int(conn.execute(_AHEAD.where(_RENDER.id != render_id), {"render": render_id}).scalar_one())


def change(conn: Connection, /, render_id: int, **values: Any) -> None:
    """Set columns of a render, whoever works on it."""
    conn.execute(_SET.values(values), {"render": render_id})


def note_makers(conn: Connection, render_id: int, member_ids: Collection[int]) -> None:
    """Note whose clips are in a film, before it is posted."""
    if member_ids:
        rows = [{"render_id": render_id, "member_id": member_id} for member_id in member_ids]
        conn.execute(_ADD_MAKERS, rows)
