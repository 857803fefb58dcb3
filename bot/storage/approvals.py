"""Requests that wait for a moderator: asked with the hold, decided once, shown on one card in the guild's channel."""

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.domain.approvals import APPROVAL_SECONDS, Approval, Decision
from bot.storage.tables.money import approvals_table

_COLUMNS = tuple(approvals_table.c[name] for name in Approval.__dataclass_fields__)
_OPEN = insert(approvals_table)
_READ = select(*_COLUMNS).where(approvals_table.c.job_id == bindparam("job_id"))
_DECIDE = (
    update(approvals_table)
    .where(approvals_table.c.job_id == bindparam("key"), approvals_table.c.decision.is_(None))
    .values(decision=bindparam("outcome"), decided_at=bindparam("now"), actor_id=bindparam("actor"))
)
_UNFINISHED = select(*_COLUMNS).where(approvals_table.c.card_closed_at.is_(None))
_OVERDUE = (
    _UNFINISHED.where(approvals_table.c.decision.is_(None), approvals_table.c.ends_at <= bindparam("now"))
    .order_by(approvals_table.c.ends_at)
    .limit(100)
)
_UNPOSTED = (
    _UNFINISHED.where(approvals_table.c.decision.is_(None), approvals_table.c.message_id.is_(None))
    .order_by(approvals_table.c.asked_at)
    .limit(100)
)
_UNCLOSED = _UNFINISHED.where(approvals_table.c.decision.is_not(None)).order_by(approvals_table.c.ends_at).limit(100)
_POSTED = (
    update(approvals_table).where(approvals_table.c.job_id == bindparam("key")).values(message_id=bindparam("message"))
)
_CLOSED = (
    update(approvals_table).where(approvals_table.c.job_id == bindparam("key")).values(card_closed_at=bindparam("now"))
)


def open_question(conn: Connection, job_id: str, guild_id: int, channel_id: int, now: float) -> None:
    """Ask the moderators in `channel_id`. The question ends after APPROVAL_SECONDS."""
    times = {"asked_at": now, "ends_at": now + APPROVAL_SECONDS}
    conn.execute(_OPEN, {"job_id": job_id, "guild_id": guild_id, "channel_id": channel_id} | times)


def decide(conn: Connection, job_id: str, decision: Decision, actor_id: int | None, now: float) -> bool:
    """Note the decision. Returns False, and writes nothing, if there is no open question about this job."""
    values = {"key": job_id, "outcome": decision, "actor": actor_id, "now": now}
    return conn.execute(_DECIDE, values).rowcount == 1


def withdraw(conn: Connection, job_id: str, now: float) -> None:
    """Close the question, if it is open, because the job ended otherwise."""
    decide(conn, job_id, Decision.WITHDRAWN, None, now)


def approval_of(conn: Connection, job_id: str) -> Approval | None:
    """Return the question about a job, or None if there never was one."""
    row = conn.execute(_READ, {"job_id": job_id}).first()
    return None if row is None else Approval(*row)


def overdue(conn: Connection, now: float) -> tuple[Approval, ...]:
    """Return open questions whose time is over; at most 100 at a time, as the two functions below."""
    return tuple(Approval(*row) for row in conn.execute(_OVERDUE, {"now": now}))


def unposted(conn: Connection) -> tuple[Approval, ...]:
    """Return open questions whose card is not known to be posted."""
    return tuple(Approval(*row) for row in conn.execute(_UNPOSTED))


def unclosed(conn: Connection) -> tuple[Approval, ...]:
    """Return decided questions whose card does not say so yet."""
    return tuple(Approval(*row) for row in conn.execute(_UNCLOSED))


def note_posted(conn: Connection, job_id: str, message_id: int) -> None:
    """Note which message the card is."""
    conn.execute(_POSTED, {"key": job_id, "message": message_id})


def note_closed(conn: Connection, job_id: str, now: float) -> None:
    """Note that the card says how it was decided, or that it cannot be reached."""
    conn.execute(_CLOSED, {"key": job_id, "now": now})
