"""What became of closing messages: where they stand, and who deleted them."""

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.postings import Posting
from bot.storage.tables.jobs import outbox_table

_POSTING = select(
    outbox_table.c.done_at,
    outbox_table.c.outcome,
    outbox_table.c.message_channel_id,
    outbox_table.c.message_id,
    outbox_table.c.attempts,
    outbox_table.c.copy,
    outbox_table.c.problem,
    outbox_table.c.deleted_at,
    outbox_table.c.deleted_by,
).where(outbox_table.c.job_id == bindparam("job"))
_SET_DELETED = (
    update(outbox_table)
    .where(outbox_table.c.job_id == bindparam("job"))
    .values(deleted_at=bindparam("now"), deleted_by=bindparam("actor"))
)
_CLEAR_DELETED = (
    update(outbox_table).where(outbox_table.c.job_id == bindparam("job")).values(deleted_at=None, deleted_by=None)
)


def posting_of(conn: Connection, job_id: str) -> Posting | None:
    """Return what became of a job's closing message; None while the job has not ended."""
    row = conn.execute(_POSTING, {"job": job_id}).one_or_none()
    return None if row is None else Posting(*row)


def note_deleted(conn: Connection, job_id: str, actor_id: int, now: float) -> None:
    """Note who deleted a job's closing message."""
    conn.execute(_SET_DELETED, {"job": job_id, "actor": actor_id, "now": now})


def clear_deleted(conn: Connection, job_id: str) -> None:
    """Forget a deletion, because the message is posted again."""
    conn.execute(_CLEAR_DELETED, {"job": job_id})
