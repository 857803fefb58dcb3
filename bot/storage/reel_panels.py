"""Panels of reels that are to be drawn anew by a worker, because a video or a person went."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from bot.storage.tables.reels import reel_clips_table, reels_table

_REEL, _CLIP = reels_table.c, reel_clips_table.c
_OF_JOB = select(_CLIP.reel_id).where(_CLIP.job_id == bindparam("job"))
_SET_DUE = (
    update(reels_table)
    .where(_REEL.id.in_(bindparam("reels", expanding=True)), _REEL.panel_message_id.is_not(None))
    .values(panel_due_at=bindparam("now"))
)
_FORGET_PICTURE = update(reel_clips_table).where(_CLIP.job_id == bindparam("job")).values(thumbnail=None)
_LOOK_AGAIN = update(reel_clips_table).where(_CLIP.job_id == bindparam("job")).values(look_due_at=bindparam("now"))
_DUE = (
    select(_REEL.id, _REEL.guild_id)
    .where(_REEL.panel_due_at <= bindparam("now"))
    .order_by(_REEL.panel_due_at)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_CLAIM = update(reels_table).where(_REEL.id == bindparam("reel")).values(panel_due_at=bindparam("until"))
_DRAWN = (
    update(reels_table)
    .where(_REEL.id == bindparam("reel"), _REEL.panel_due_at == bindparam("until"))
    .values(panel_due_at=None)
)
_NEXT_DUE = select(func.min(_REEL.panel_due_at))


@dataclass(frozen=True, slots=True)
class DuePanel:
    """A panel that a worker took, and until when it is the worker's."""

    reel_id: int
    guild_id: int
    until: float


def set_due(conn: Connection, reel_ids: Sequence[int], now: float) -> None:
    """Have the panels of these reels drawn anew, where they have one."""
    if reel_ids:
        conn.execute(_SET_DUE, {"reels": list(reel_ids), "now": now})


def video_deleted(conn: Connection, job_id: str, now: float) -> None:
    """Take the picture of a job's video off all panels, because its message was deleted."""
    conn.execute(_FORGET_PICTURE, {"job": job_id})
    set_due(conn, conn.execute(_OF_JOB, {"job": job_id}).scalars().all(), now)


def video_back(conn: Connection, job_id: str, now: float) -> None:
    """Have a job's video looked at again, because its message is posted again."""
    conn.execute(_LOOK_AGAIN, {"job": job_id, "now": now})


def claim(conn: Connection, now: float, lease_seconds: float) -> DuePanel | None:
    """Take a panel that is due. If its worker dies, another takes it after the lease."""
    row = conn.execute(_DUE, {"now": now}).one_or_none()
    if row is None:
        return None
    conn.execute(_CLAIM, {"reel": row.id, "until": now + lease_seconds})
    return DuePanel(row.id, row.guild_id, now + lease_seconds)


def drawn(conn: Connection, panel: DuePanel) -> None:
    """Note that a panel was drawn. One that became due again meanwhile stays due."""
    conn.execute(_DRAWN, {"reel": panel.reel_id, "until": panel.until})


def next_due(conn: Connection) -> float | None:
    """Return when the next panel is due; None if there is none."""
    return conn.execute(_NEXT_DUE).scalar()
