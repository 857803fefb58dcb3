"""Raise and end the notices that only owners can act on: a refused key, an empty account, a job without a clear end."""

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.storage import accounts, notices

LOW_CREDITS = 500
"""Below so many credits (about five short videos) the owners are warned."""

_BLOCKED = {
    "unauthorized": "The video provider does not accept the API key. New requests are refused and queued ones wait. "
    "Put a valid key into STUDIO_API_KEY and restart the bot.",
    "forbidden": "The video provider does not let the API key generate videos. New requests are refused and queued "
    "ones wait. Check the key's account at the provider.",
    "no_credits": "The provider account cannot pay{numbers}. The queue waits, and goes on by itself once there are "
    "credits (it tries every quarter of an hour).",
}


def blocked(conn: Connection, account_id: int, reason: str, until: float, now: float, numbers: str = "") -> None:
    """Send nothing from an account until then, and have the owners told why."""
    accounts.block(conn, account_id, reason, until)
    notices.raise_notice(conn, f"blocked:{account_id}:{reason}", _BLOCKED[reason].format(numbers=numbers), now)


def answered(conn: Connection, account_id: int, remaining: int | None, now: float) -> None:
    """The account works (again); keep the balance that the provider told, and warn where it is low."""
    accounts.unblock(conn, account_id)
    for reason in _BLOCKED:
        notices.over(conn, f"blocked:{account_id}:{reason}")
    accounts.note_credits(conn, account_id, remaining, now)
    if remaining is None:
        return
    if remaining < LOW_CREDITS:
        text = f"The provider account has {remaining:,} credits left."
        notices.raise_notice(conn, f"low:{account_id}", text, now)
    else:
        notices.over(conn, f"low:{account_id}")


def unresolved(conn: Connection, job: Job, why: str, now: float) -> None:
    """A job waits for an owner's verdict."""
    text = (
        f"Job `{job.id}` ({job.model_name}, {job.held:,} credits held) needs your decision: {why}. "
        "See `/owner unresolved`, then `/owner resolve`."
    )
    notices.raise_notice(conn, f"unresolved:{job.id}", text, now)
