"""Raise and end the notices that only owners can act on: a refused key, an empty account, a job without a clear end."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job
from bot.domain.json_value import JsonObject
from bot.domain.notices import Notice, NoticeKind
from bot.storage import notices

LOW_CREDITS = 500
"""Credits below which the owners are warned: about five short videos."""

_KIND_OF = {
    BlockedReason.UNAUTHORIZED: NoticeKind.KEY_REFUSED,
    BlockedReason.FORBIDDEN: NoticeKind.KEY_FORBIDDEN,
    BlockedReason.NO_CREDITS: NoticeKind.NO_CREDITS,
}


def blocked(conn: Connection, account_id: int, reason: BlockedReason, data: JsonObject, now: float) -> None:
    """Have the owners told that an account is blocked."""
    _works_no_more(conn, account_id)
    notices.raise_notice(conn, Notice(f"blocked:{account_id}:{reason}", _KIND_OF[reason], data), now)


def all_clear(conn: Connection, account_id: int, reasons: Collection[BlockedReason], now: float) -> None:
    """End the notices of blocks for these reasons. Owners who were told of one are told that it is over."""
    for reason in reasons:
        if notices.over(conn, f"blocked:{account_id}:{reason}"):
            _works_again(conn, account_id, reason, now)


def unreachable(conn: Connection, account_id: int, why: str, now: float) -> None:
    """Have the owners told that requests do not reach the provider's API."""
    _works_no_more(conn, account_id)
    notices.raise_notice(conn, Notice(f"unreachable:{account_id}", NoticeKind.UNREACHABLE, {"why": why}), now)


def reached(conn: Connection, account_id: int, now: float) -> None:
    """End that notice. Owners who were told of it are told that it is over."""
    if notices.over(conn, f"unreachable:{account_id}"):
        _works_again(conn, account_id, NoticeKind.UNREACHABLE, now)


def job_refused(conn: Connection, job: Job, why: str, now: float) -> None:
    """Have the owners told that a job ended because the provider refused it again and again."""
    data: JsonObject = {"job_id": job.id, "model_name": job.model_name, "why": why}
    notices.raise_notice(conn, Notice(f"refused:{job.id}", NoticeKind.JOB_REFUSED, data), now)


def balance(conn: Connection, account_id: int, remaining: int, now: float) -> None:
    """Warn the owners while an account has few credits left."""
    if remaining < LOW_CREDITS:
        notices.raise_notice(conn, Notice(f"low:{account_id}", NoticeKind.LOW_CREDITS, {"available": remaining}), now)
    else:
        notices.over(conn, f"low:{account_id}")


def long_pause(conn: Connection, account_id: int, asked: float, seconds: float, now: float) -> None:
    """Have the owners told that the provider asked for a pause of `asked` seconds, and that the bot waits `seconds`."""
    data: JsonObject = {"asked": round(min(asked, 1e15)), "seconds": round(seconds)}
    notices.over(conn, f"pause:{account_id}")
    notices.raise_notice(conn, Notice(f"pause:{account_id}", NoticeKind.LONG_PAUSE, data), now)


def unresolved(conn: Connection, job: Job, why: str, now: float) -> None:
    """Have the owners told that a job waits for their decision."""
    data: JsonObject = {"job_id": job.id, "model_name": job.model_name, "held": job.held, "why": why}
    notices.raise_notice(conn, Notice(unresolved_key(job.id), NoticeKind.UNRESOLVED, data), now)


def unowned(conn: Connection, job_id: str, remote_ids: Sequence[str], unnamed: int, now: float) -> None:
    """Have the owners told of renders that the provider makes and that no job can own."""
    data: JsonObject = {"job_id": job_id, "remote_ids": [one[:100] for one in remote_ids], "unnamed": unnamed}
    notices.raise_notice(conn, Notice(f"unowned:{job_id}", NoticeKind.UNOWNED_RENDER, data), now)


def unknown_status(conn: Connection, job_id: str, status: str, now: float) -> None:
    """Have the owners told of a status word that is not known. Each word is told once."""
    data: JsonObject = {"job_id": job_id, "status": status}
    notices.raise_notice(conn, Notice(f"status:{status}"[:60], NoticeKind.UNKNOWN_STATUS, data), now)


def unresolved_key(job_id: str) -> str:
    """Return the key of the notice about an unresolved job."""
    return f"unresolved:{job_id}"


def _works_again(conn: Connection, account_id: int, was: BlockedReason | NoticeKind, now: float) -> None:
    """Have the owners told that one trouble is over. Each trouble has an all-clear of its own."""
    notices.raise_notice(conn, Notice(f"works:{account_id}:{was}", NoticeKind.WORKS_AGAIN, {"was": was}), now)


def _works_no_more(conn: Connection, account_id: int) -> None:
    """Take back each all-clear: one that is untold is no longer true, and a told one may come again."""
    for was in (*_KIND_OF, NoticeKind.UNREACHABLE):
        notices.over(conn, f"works:{account_id}:{was}")
