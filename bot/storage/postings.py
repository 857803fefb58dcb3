"""What became of closing messages: where they stand, and who deleted them."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.gallery import GalleryKind
from bot.domain.postings import Posting
from bot.storage import gallery, reel_panels
from bot.storage.tables.jobs import outbox_table

_POSTINGS = select(
    outbox_table.c.job_id,
    outbox_table.c.done_at,
    outbox_table.c.outcome,
    outbox_table.c.message_channel_id,
    outbox_table.c.message_id,
    outbox_table.c.attempts,
    outbox_table.c.copy,
    outbox_table.c.problem,
    outbox_table.c.deleted_at,
    outbox_table.c.deleted_by,
).where(outbox_table.c.job_id.in_(bindparam("job_ids", expanding=True)))
_SET_DELETED = (
    update(outbox_table)
    .where(outbox_table.c.job_id == bindparam("job"))
    .values(deleted_at=bindparam("now"), deleted_by=bindparam("actor"))
)
_FORGET_MESSAGE = (
    update(outbox_table)
    .where(outbox_table.c.job_id == bindparam("job"))
    .values(message_channel_id=None, message_id=None)
)
_CLEAR_DELETED = (
    update(outbox_table).where(outbox_table.c.job_id == bindparam("job")).values(deleted_at=None, deleted_by=None)
)


def posting_of(conn: Connection, job_id: str) -> Posting | None:
    """Return what became of a job's closing message; None while the job has not ended."""
    return of_jobs(conn, [job_id]).get(job_id)


def of_jobs(conn: Connection, job_ids: Sequence[str]) -> dict[str, Posting]:
    """Return what became of the closing messages of those jobs that have ended, by job id."""
    rows = conn.execute(_POSTINGS, {"job_ids": list(job_ids)})
    return {job_id: Posting(*values) for job_id, *values in rows}


def note_deleted(conn: Connection, job_id: str, actor_id: int | None, now: float) -> None:
    """Note who deleted a job's closing message; None where nobody knows. It leaves gallery, showcase and reels."""
    conn.execute(_SET_DELETED, {"job": job_id, "actor": actor_id, "now": now})
    gallery.remove(conn, GalleryKind.VIDEO, [job_id])
    reel_panels.video_deleted(conn, job_id, now)


def clear_deleted(conn: Connection, job_id: str, now: float) -> None:
    """Forget a deletion, because the message is posted again."""
    conn.execute(_CLEAR_DELETED, {"job": job_id})
    reel_panels.video_back(conn, job_id, now)


def forget_message(conn: Connection, job_id: str) -> None:
    """Note that the message stands nowhere any more, without anybody having deleted it: its channel is gone."""
    conn.execute(_FORGET_MESSAGE, {"job": job_id})
    gallery.remove(conn, GalleryKind.VIDEO, [job_id])
