"""Entries that people make: grants, refunds and corrections, each by a named actor and with a reason."""

from sqlalchemy import Connection

from bot.domain import ledger as moves
from bot.domain.audit import AuditAction
from bot.domain.json_value import JsonObject
from bot.domain.ledger import Kind
from bot.domain.periods import keys_at
from bot.domain.quota import CREDITS_MAX, BudgetScope
from bot.domain.refusals import Impossible, NotPossible
from bot.storage import audit, ledger, quotas
from bot.storage.guilds import lock_guild
from bot.storage.ledger import HeldJob, Note


def grant(
    conn: Connection,
    guild_id: int,
    member_id: int | None,
    amount: int,
    ends_at: float | None,
    note: Note,
) -> int:
    """Give `amount` one-off credits to a member, or to the guild for None, and return the grant's id.

    Raises NotPossible for an amount that cannot be granted or an end that has passed.
    """
    if not 0 < amount <= CREDITS_MAX:
        raise NotPossible(Impossible.AMOUNT_OUT_OF_RANGE, minimum=1, maximum=CREDITS_MAX)
    if ends_at is not None and ends_at <= note.now:
        raise NotPossible(Impossible.GRANT_ENDS_IN_THE_PAST)
    rules = lock_guild(conn, guild_id)
    budget_scope, subject_id = (BudgetScope.GUILD, 0) if member_id is None else (BudgetScope.MEMBER, member_id)
    grant_id = quotas.add_grant(conn, guild_id, budget_scope, subject_id, amount, note.reason or "", ends_at, note.now)
    ledger.enter_grant(conn, guild_id, member_id, grant_id, amount, keys_at(note.now, rules.time_zone), note)
    data: JsonObject = {"member_id": member_id, "amount": amount, "reason": note.reason}
    _audit(conn, guild_id, AuditAction.GRANT, data, note)
    return grant_id


def refund(conn: Connection, guild_id: int, job_id: str, amount: int | None, note: Note) -> int:
    """Give back `amount` credits of what a job of this guild cost, all for None, and return how many.

    The guild's and the member's limits and grants get the credits back, in the period of the job's hold. The owner's
    ceiling does not: the provider keeps what it charged. Raises NotPossible, also for a
    job of another guild.
    """
    lock_guild(conn, guild_id)
    job = _job_of(conn, guild_id, job_id)
    totals = ledger.totals_of(conn, job_id)
    movement = moves.refund(totals, totals.spent if amount is None else amount)
    ledger.enter_change(conn, job, Kind.REFUND, totals.spent, movement, note)
    data: JsonObject = {"job_id": job_id, "amount": -movement.spent, "reason": note.reason}
    _audit(conn, guild_id, AuditAction.REFUND, data, note)
    return -movement.spent


def correct(conn: Connection, guild_id: int, job_id: str, charged: int, note: Note) -> int:
    """Set what the provider truly charged for an ended job, and return the difference to what the ledger said.

    Only the owner may use it, because it changes what the ceiling counts. Raises NotPossible.
    """
    if not 0 <= charged <= CREDITS_MAX:
        raise NotPossible(Impossible.AMOUNT_OUT_OF_RANGE, minimum=0, maximum=CREDITS_MAX)
    lock_guild(conn, guild_id)
    job = _job_of(conn, guild_id, job_id)
    totals = ledger.totals_of(conn, job_id)
    movement = moves.correct(totals, job.credits, charged)
    ledger.enter_change(conn, job, Kind.CORRECTION, totals.spent, movement, note)
    data: JsonObject = {"job_id": job_id, "before": totals.charged, "after": charged, "reason": note.reason}
    _audit(conn, guild_id, AuditAction.CORRECT, data, note)
    return movement.charged


def _job_of(conn: Connection, guild_id: int, job_id: str) -> HeldJob:
    job = ledger.held_job(conn, job_id)
    if job.payer.guild_id != guild_id:
        raise NotPossible(Impossible.NO_SUCH_JOB)
    return job


def _audit(conn: Connection, guild_id: int, action: AuditAction, data: JsonObject, note: Note) -> None:
    audit.record(conn, guild_id, note.actor_id or 0, action, data, note.now)
