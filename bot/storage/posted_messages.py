"""The messages that stand on Discord about jobs that have ended: every closing message, and what is left of the card.

`bot.storage.postings` knows the latest closing message only. Whoever deletes a video for good, or erases it, reaches
all of them.
"""

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, or_, select, update

from bot.domain.postings import PostedKind, PostedMessage
from bot.storage.tables.base import Instant
from bot.storage.tables.jobs import outbox_table, posted_messages_table
from bot.storage.upsert import insert_if_new

_COLUMNS = tuple(posted_messages_table.c[name] for name in PostedMessage.__dataclass_fields__)
_AT: BindParameter[float] = bindparam("at", type_=Instant())
_OF_JOB = posted_messages_table.c.job_id == bindparam("job")
_ONE = (_OF_JOB, posted_messages_table.c.message_id == bindparam("message"))
_DELETED_AT = select(outbox_table.c.deleted_at).where(outbox_table.c.job_id == bindparam("job"))
_NOTE = insert_if_new(posted_messages_table)
_OF_JOBS = select(*_COLUMNS).where(posted_messages_table.c.job_id.in_(bindparam("job_ids", expanding=True)))
_DELETE_ONE = update(posted_messages_table).where(*_ONE).values(delete_due_at=_AT)
_DELETE_ALL = (
    update(posted_messages_table)
    .where(_OF_JOB, or_(posted_messages_table.c.delete_due_at.is_(None), posted_messages_table.c.delete_due_at > _AT))
    .values(delete_due_at=_AT)
)
_DELETE_CARD = _DELETE_ALL.where(posted_messages_table.c.kind == PostedKind.CARD)
_DUE = (
    select(*_COLUMNS)
    .where(posted_messages_table.c.delete_due_at <= bindparam("now"))
    .order_by(posted_messages_table.c.delete_due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_GONE = delete(posted_messages_table).where(*_ONE)
_NEXT_DUE = select(func.min(posted_messages_table.c.delete_due_at))


def note(conn: Connection, kind: PostedKind, message: PostedMessage, now: float) -> None:
    """Note that a message stands. If the job's result was deleted while it was posted, it is deleted at once."""
    deleted_at = conn.execute(_DELETED_AT, {"job": message.job_id}).scalar()
    due_at = None if deleted_at is None else now
    row = {name: getattr(message, name) for name in PostedMessage.__dataclass_fields__}
    conn.execute(_NOTE, row | {"kind": kind, "delete_due_at": due_at})


def of_jobs(conn: Connection, job_ids: Sequence[str]) -> dict[str, list[PostedMessage]]:
    """Return what stands on Discord about these jobs, by job id."""
    found: dict[str, list[PostedMessage]] = {job_id: [] for job_id in job_ids}
    for row in conn.execute(_OF_JOBS, {"job_ids": list(job_ids)}):
        found[row.job_id].append(PostedMessage(*row))
    return found


def delete_one(conn: Connection, job_id: str, message_id: int, at: float) -> None:
    """Have one message deleted at a moment, unless `gone` is called before."""
    conn.execute(_DELETE_ONE, {"job": job_id, "message": message_id, "at": at})


def delete_all(conn: Connection, job_id: str, at: float) -> None:
    """Have everything that stands about a job deleted."""
    conn.execute(_DELETE_ALL, {"job": job_id, "at": at})


def delete_card(conn: Connection, job_id: str, at: float) -> None:
    """Have what is left of a job's card deleted: the message that its link leads to is gone."""
    conn.execute(_DELETE_CARD, {"job": job_id, "at": at})


def claim(conn: Connection, now: float, lease_seconds: float, limit: int) -> list[PostedMessage]:
    """Take at most `limit` messages that are to be deleted. Without `gone` each is due again after the lease."""
    due = [PostedMessage(*row) for row in conn.execute(_DUE, {"now": now, "count": limit})]
    for message in due:
        delete_one(conn, message.job_id, message.message_id, now + lease_seconds)
    return due


def gone(conn: Connection, job_id: str, message_id: int) -> None:
    """Note that a message does not stand any more."""
    conn.execute(_GONE, {"job": job_id, "message": message_id})


def next_due(conn: Connection) -> float | None:
    """Return when the next message is to be deleted; None where none is."""
    return conn.execute(_NEXT_DUE).scalar()
