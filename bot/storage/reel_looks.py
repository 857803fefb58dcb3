"""Clips of reels whose files are to be looked at: how long they are, and a small picture of each."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from bot.domain.jobs import ENDED
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.tables.reels import reel_clips_table, reels_table

_CLIP = reel_clips_table.c
_ENDED = (
    jobs_table.c.id == _CLIP.job_id,
    jobs_table.c.state.in_(ENDED),
    outbox_table.c.job_id == _CLIP.job_id,
    outbox_table.c.deleted_at.is_(None),
)
_DUE = (
    select(_CLIP.id)
    .where(_CLIP.look_due_at <= bindparam("now"), *_ENDED)
    .order_by(_CLIP.look_due_at)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True, of=reel_clips_table)
)
_ONE = select(_CLIP.id, _CLIP.reel_id, reels_table.c.guild_id, _CLIP.job_id, _CLIP.file_position).where(
    _CLIP.id == bindparam("part"), reels_table.c.id == _CLIP.reel_id
)
_SET_DUE = update(reel_clips_table).where(_CLIP.id == bindparam("part")).values(look_due_at=bindparam("at"))
_GIVE_UP = (
    update(reel_clips_table)
    .where(_CLIP.job_id == bindparam("job"), _CLIP.file_position == bindparam("file"))
    .values(look_due_at=None)
)
_NEXT_DUE = select(func.min(_CLIP.look_due_at)).where(*_ENDED)


@dataclass(frozen=True, slots=True)
class Look:
    """A clip whose file is to be looked at."""

    part_id: int
    reel_id: int
    guild_id: int
    job_id: str
    file_position: int


def claim(conn: Connection, now: float, lease_seconds: float) -> Look | None:
    """Take a clip that is due and whose job has ended, for `lease_seconds`. Another worker takes it after them."""
    part_id = conn.execute(_DUE, {"now": now}).scalar()
    if part_id is None:
        return None
    conn.execute(_SET_DUE, {"part": part_id, "at": now + lease_seconds})
    return Look(*conn.execute(_ONE, {"part": part_id}).one())


def later(conn: Connection, part_id: int, at: float) -> None:
    """Look at a clip again at a moment."""
    conn.execute(_SET_DUE, {"part": part_id, "at": at})


def give_up(conn: Connection, job_id: str, file_position: int) -> None:
    """Look at a clip never again: its file cannot be had or read."""
    conn.execute(_GIVE_UP, {"job": job_id, "file": file_position})


def next_due(conn: Connection) -> float | None:
    """Return when the next clip is due whose job has ended; None if there is none."""
    return conn.execute(_NEXT_DUE).scalar()
