"""Block a provider account that is refused, and use it again as soon as anything shows that it works."""

from collections.abc import Collection

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job
from bot.domain.json_value import JsonObject
from bot.engine import owner_notices
from bot.storage import accounts

REFUSAL_PROVES = (BlockedReason.UNAUTHORIZED, BlockedReason.FORBIDDEN)
"""Blocks that the refusal of a single request ends: the provider has read it."""
GET_PROVES = (BlockedReason.UNAUTHORIZED,)
"""Blocks that an answer to a GET ends: it shows that the key is accepted, not that it may make videos or can pay."""


def blocked(
    conn: Connection,
    account_id: int,
    reason: BlockedReason,
    until: float,
    now: float,
    *,
    data: JsonObject | None = None,
    affordable: int | None = None,
) -> None:
    """Send nothing from an account before `until`, and have the owners told why.

    Jobs of up to `affordable` credits are sent all the same. `data` is the notice's.
    """
    accounts.block(conn, account_id, reason, until, affordable=affordable)
    owner_notices.blocked(conn, account_id, reason, data or {}, now)


def works(conn: Connection, account_id: int, reasons: Collection[BlockedReason], now: float) -> None:
    """Use an account again that was blocked for one of `reasons`. Owners who were told of the block are told."""
    blocked_reason = accounts.find(conn, account_id).blocked_reason
    if blocked_reason in reasons:
        accounts.unblock(conn, account_id)
    owner_notices.all_clear(conn, account_id, reasons, now)


def accepted(conn: Connection, job: Job, remaining: int | None, now: float) -> None:
    """Note that the account had a job accepted. `remaining` is its balance in credits, None if it was not told.

    A job that the account can pay for does not show that it can pay for dearer ones: these wait on.
    """
    owner_notices.reached(conn, job.account_id, now)
    account = accounts.find(conn, job.account_id)
    affordable = account.affordable_now(now)
    if affordable is not None:
        left = affordable - job.held if remaining is None else remaining
        accounts.set_affordable(conn, job.account_id, left)
        works(conn, job.account_id, (BlockedReason.UNAUTHORIZED, BlockedReason.FORBIDDEN), now)
    else:
        accounts.unblock(conn, job.account_id)
        works(conn, job.account_id, tuple(BlockedReason), now)
    note_credits(conn, job.account_id, remaining, now)


def note_credits(conn: Connection, account_id: int, remaining: int | None, now: float) -> None:
    """Keep the balance that the provider told, and warn the owners where it is low."""
    accounts.note_credits(conn, account_id, remaining, now)
    if remaining is not None:
        owner_notices.balance(conn, account_id, remaining, now)
