"""The closing messages that are owed: one for each job, written when it is settled, done when Discord answered."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Update, and_, bindparam, func, insert, or_, select, update

from bot.domain.postings import PostedKind, PostedMessage
from bot.storage import posted_messages
from bot.storage.tables.jobs import outbox_table

BLOCKING_ATTEMPTS = 3
"""Failures after which a message no longer holds up the later ones of its channel."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A closing message to be posted.

    `attempts` includes this one. Above 1, an earlier attempt may have been posted. `copy` counts from 1 how often the
    message was asked for: a copy is another message, not a repetition of the first.
    """

    job_id: str
    channel_id: int
    created_at: float
    attempts: int
    copy: int
    failed_downloads: int
    """Attempts at which a file could not be fetched."""


_EARLIER = outbox_table.alias()
_HELD_UP = (
    select(_EARLIER.c.job_id)
    .where(
        _EARLIER.c.channel_id == outbox_table.c.channel_id,
        _EARLIER.c.done_at.is_(None),
        _EARLIER.c.attempts <= BLOCKING_ATTEMPTS,
        or_(
            _EARLIER.c.created_at < outbox_table.c.created_at,
            and_(_EARLIER.c.created_at == outbox_table.c.created_at, _EARLIER.c.job_id < outbox_table.c.job_id),
        ),
    )
    .exists()
)
_DUE = (
    select(outbox_table.c.job_id)
    .where(
        outbox_table.c.done_at.is_(None),
        outbox_table.c.due_at <= bindparam("now"),
        or_(outbox_table.c.lease_until.is_(None), outbox_table.c.lease_until <= bindparam("now")),
        ~_HELD_UP,
    )
    .order_by(outbox_table.c.due_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox_table)
    .where(outbox_table.c.job_id.in_(_DUE.scalar_subquery()))
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"), attempts=outbox_table.c.attempts + 1)
    .returning(*(outbox_table.c[name] for name in Owed.__dataclass_fields__))
)
_ADD = insert(outbox_table)
_RELEASE_LEASES = (
    update(outbox_table).where(outbox_table.c.lease_owner.is_not(None)).values(lease_owner=None, lease_until=None)
)
_NEXT_DUE = select(func.min(func.coalesce(outbox_table.c.lease_until, outbox_table.c.due_at))).where(
    outbox_table.c.done_at.is_(None)
)


def add(conn: Connection, job_id: str, channel_id: int, now: float) -> None:
    """Owe a job's closing message from this transaction on."""
    conn.execute(_ADD, {"job_id": job_id, "channel_id": channel_id, "created_at": now, "due_at": now})


def claim(conn: Connection, owner: str, lease_seconds: float, now: float, limit: int) -> list[Owed]:
    """Take at most `limit` messages that are due, only the oldest of each channel. Counts the attempt beforehand."""
    values = {"now": now, "count": limit, "owner": owner, "until": now + lease_seconds}
    return [Owed(*row) for row in conn.execute(_CLAIM, values)]


def renew(conn: Connection, job_id: str, owner: str, lease_until: float) -> bool:
    """Keep a message that `claim` took. Returns False where another worker took it meanwhile."""
    return conn.execute(_own(job_id, owner).values(lease_until=lease_until)).rowcount == 1


def done(
    conn: Connection,
    job_id: str,
    owner: str,
    outcome: str,
    now: float,
    *,
    channel_id: int | None,
    message_id: int | None,
) -> bool:
    """Note how a message was delivered, and that it stands. Returns False where another worker took it meanwhile."""
    values = {"done_at": now, "outcome": outcome, "message_channel_id": channel_id, "message_id": message_id}
    if conn.execute(_own(job_id, owner).values(lease_owner=None, lease_until=None, **values)).rowcount != 1:
        return False
    if channel_id is not None and message_id is not None:
        posted_messages.note(conn, PostedKind.CLOSING, PostedMessage(job_id, channel_id, message_id), now)
    return True


def enqueue_again(conn: Connection, job_id: str, now: float) -> bool:
    """Owe a delivered message once more, as if for the first time. Returns False where none was delivered."""
    delivered = update(outbox_table).where(outbox_table.c.job_id == job_id, outbox_table.c.done_at.is_not(None))
    unknown = {"done_at": None, "outcome": None, "message_channel_id": None, "message_id": None}
    fresh = unknown | {"attempts": 0, "failed_downloads": 0}
    return conn.execute(delivered.values(due_at=now, copy=outbox_table.c.copy + 1, **fresh)).rowcount == 1


def later(
    conn: Connection, job_id: str, owner: str, due_at: float, problem: str, *, failed_download: bool = False
) -> None:
    """Give the message back, to be tried again at `due_at`."""
    changes: dict[str, Any] = {"lease_owner": None, "lease_until": None, "due_at": due_at, "problem": problem}
    if failed_download:
        changes["failed_downloads"] = outbox_table.c.failed_downloads + 1
    conn.execute(_own(job_id, owner).values(changes))


def release_leases(conn: Connection) -> None:
    """Free every message. Call this only at the start of the only process, when whoever held leases is gone."""
    conn.execute(_RELEASE_LEASES)


def next_due(conn: Connection) -> float | None:
    """Return when the next message is due or its lease ends; None where nothing is owed."""
    return conn.execute(_NEXT_DUE).scalar()


def _own(job_id: str, owner: str) -> Update:
    """Return an UPDATE of a message that is still `owner`'s to deliver."""
    return update(outbox_table).where(
        outbox_table.c.job_id == job_id, outbox_table.c.lease_owner == owner, outbox_table.c.done_at.is_(None)
    )
