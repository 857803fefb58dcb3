"""The closing messages that are owed: one for each job, written when it is settled, done when Discord answered.

The jobs of a comparison have one message together. It is owed in the row of one of them, its lead; the rows of the
others wait for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.postings import PostedKind, PostedMessage
from bot.storage import posted_messages
from bot.storage.tables.comparisons import comparisons_table
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
    comparison_id: str | None
    """The comparison whose message this is; None for the message of a job alone."""


_EARLIER = outbox_table.alias()


def _has_message(row: FromClause) -> ColumnElement[bool]:
    """Return whether a message is owed in this row, and not only told by that of a comparison."""
    leads = select(comparisons_table.c.id).where(
        comparisons_table.c.id == row.c.comparison_id, comparisons_table.c.lead_job_id == row.c.job_id
    )
    return or_(row.c.comparison_id.is_(None), leads.exists())


_HELD_UP = (
    select(_EARLIER.c.job_id)
    .where(
        _EARLIER.c.channel_id == outbox_table.c.channel_id,
        _EARLIER.c.done_at.is_(None),
        _EARLIER.c.attempts <= BLOCKING_ATTEMPTS,
        _has_message(_EARLIER),
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
        _has_message(outbox_table),
        ~_HELD_UP,
    )
    .order_by(outbox_table.c.due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
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
    outbox_table.c.done_at.is_(None), _has_message(outbox_table)
)
_LEAD = (
    update(outbox_table)
    .where(outbox_table.c.job_id == bindparam("lead"))
    .values(channel_id=bindparam("channel"), created_at=bindparam("now"), due_at=bindparam("now"))
)
_DONE_WITH_LEAD = (
    update(outbox_table)
    .where(
        outbox_table.c.comparison_id == bindparam("comparison"),
        outbox_table.c.job_id.in_(bindparam("job_ids", expanding=True)),
        outbox_table.c.done_at.is_(None),
    )
    .values(
        done_at=bindparam("now"),
        outcome=bindparam("how"),
        message_channel_id=bindparam("channel"),
        message_id=bindparam("message"),
    )
)


def add(conn: Connection, job_id: str, channel_id: int, now: float, comparison_id: str | None = None) -> None:
    """Owe a job's closing message from this transaction on. A job of a comparison waits for the message of all."""
    row = {"job_id": job_id, "channel_id": channel_id, "created_at": now, "due_at": now}
    conn.execute(_ADD, row | {"comparison_id": comparison_id})


def lead(conn: Connection, job_id: str, channel_id: int, now: float) -> None:
    """Owe the message of a comparison in the row of its lead, from this transaction on."""
    conn.execute(_LEAD, {"lead": job_id, "channel": channel_id, "now": now})


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


def done_with_lead(
    conn: Connection,
    comparison_id: str,
    job_ids: Sequence[str],
    outcome: str,
    now: float,
    *,
    channel_id: int | None,
    message_id: int | None,
) -> None:
    """Note how the message of a comparison was delivered in the rows of the other jobs that it tells of."""
    place = {"how": outcome, "channel": channel_id, "message": message_id}
    conn.execute(_DONE_WITH_LEAD, {"comparison": comparison_id, "job_ids": list(job_ids), "now": now} | place)
    if channel_id is not None and message_id is not None:
        for job_id in job_ids:
            posted_messages.note(conn, PostedKind.CLOSING, PostedMessage(job_id, channel_id, message_id), now)


def enqueue_again(conn: Connection, job_id: str, now: float) -> bool:
    """Owe a delivered message once more, as if for the first time. Returns False where none was delivered.

    A job of a comparison has a message of its own from then on.
    """
    delivered = update(outbox_table).where(outbox_table.c.job_id == job_id, outbox_table.c.done_at.is_not(None))
    unknown = {"done_at": None, "outcome": None, "message_channel_id": None, "message_id": None}
    fresh = unknown | {"attempts": 0, "failed_downloads": 0, "comparison_id": None}
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
