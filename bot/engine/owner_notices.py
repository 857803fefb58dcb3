"""Raise and end the notices that only owners can act on: a refused key, an empty account, a job without a clear end."""

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job
from bot.domain.json_value import JsonObject
from bot.domain.notices import Notice, NoticeKind
from bot.storage import accounts, notices

LOW_CREDITS = 500
"""Credits below which the owners are warned: about five short videos."""

_KIND_OF = {
    BlockedReason.UNAUTHORIZED: NoticeKind.KEY_REFUSED,
    BlockedReason.FORBIDDEN: NoticeKind.KEY_FORBIDDEN,
    BlockedReason.NO_CREDITS: NoticeKind.NO_CREDITS,
}


def blocked(
    conn: Connection, account_id: int, reason: BlockedReason, until: float, now: float, data: JsonObject | None = None
) -> None:
    """Send nothing from an account before `until`, and have the owners told why."""
    accounts.block(conn, account_id, reason, until)
    notice = Notice(f"blocked:{account_id}:{reason}", _KIND_OF[reason], data or {})
    notices.raise_notice(conn, notice, now)


def answered(conn: Connection, account_id: int, remaining: int | None, now: float) -> None:
    """Note that the account works. Keep the balance that the provider told, and warn the owners where it is low."""
    accounts.unblock(conn, account_id)
    for reason in BlockedReason:
        notices.over(conn, f"blocked:{account_id}:{reason}")
    accounts.note_credits(conn, account_id, remaining, now)
    if remaining is None:
        return
    if remaining < LOW_CREDITS:
        notices.raise_notice(conn, Notice(f"low:{account_id}", NoticeKind.LOW_CREDITS, {"available": remaining}), now)
    else:
        notices.over(conn, f"low:{account_id}")


def unresolved(conn: Connection, job: Job, why: str, now: float) -> None:
    """Have the owners told that a job waits for their decision."""
    data: JsonObject = {"job_id": job.id, "model_name": job.model_name, "held": job.held, "why": why}
    notices.raise_notice(conn, Notice(unresolved_key(job.id), NoticeKind.UNRESOLVED, data), now)


def unresolved_key(job_id: str) -> str:
    """Return the key of the notice about an unresolved job."""
    return f"unresolved:{job_id}"
