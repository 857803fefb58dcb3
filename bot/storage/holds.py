"""A job's credits: held when it is accepted, ended exactly once. Called inside the caller's write transaction.

Locks are taken in this order everywhere: the bound on the account, the job's own row (the caller's), the guild's row,
and then counters and grants.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain import ledger as moves
from bot.domain.ledger import Kind, Movement, draw
from bot.domain.periods import Period, keys_at, renews_at
from bot.domain.quota import (
    BUDGET_SCOPE_OF,
    Allowance,
    BudgetScope,
    Grant,
    Limit,
    QuotaStatus,
    Refusal,
    Rules,
    Scope,
    applicable,
    decide,
)
from bot.storage import approvals, counters, ledger
from bot.storage.counters import EVER, Payer, Used
from bot.storage.guilds import lock_guild, rules_of
from bot.storage.ledger import HeldJob, Note, Part
from bot.storage.quotas import limits_for, open_grants_for
from bot.storage.tables.provider import OWNER_ACCOUNT


@dataclass(frozen=True, slots=True)
class Quota:
    """What one member may spend at one moment. Read it under the guild's lock if credits are to be held on it."""

    payer: Payer
    now: float
    status: QuotaStatus
    grants: tuple[Grant, ...]
    """The guild's and the member's grants with something left, in their order of use."""


@dataclass(frozen=True, slots=True)
class Held:
    """The hold is written. `quota_status` counts it already."""

    quota_status: QuotaStatus
    awaits_approval: bool
    """A moderator was asked (`bot.storage.approvals`): the job is to wait in the state `awaiting`."""


@dataclass(frozen=True, slots=True)
class Captured:
    """`changed` is False where the hold had ended before: then nothing was written."""

    overrun: int
    """Credits charged above the hold."""
    changed: bool


def read_quota(
    conn: Connection,
    rules: Rules,
    payer: Payer,
    role_ids: Collection[int],
    now: float,
    *,
    account_bound: int | None = None,
) -> Quota:
    """Read all that decides about a member's next request; `rules` are the guild's.

    `account_bound` is what all guilds together may spend of the owner's account in a month; None: no bound. To hold
    credits under it, `accounts.lock_bound` was called before the guild was locked.
    """
    stated = limits_for(conn, payer.guild_id, payer.member_id, role_ids)
    used = counters.read(conn, payer, keys_at(now, rules.time_zone))
    grants = open_grants_for(conn, payer.guild_id, payer.member_id, now)

    def allowance(limit: Limit) -> Allowance:
        sums = used.get((BUDGET_SCOPE_OF[limit.scope], limit.period), Used())
        return Allowance(limit, sums.held, sums.spent, renews_at(limit.period, now, rules.time_zone))

    chosen = applicable(stated, role_ids, owners_account=payer.account_id == OWNER_ACCOUNT)
    allowances = [allowance(limit) for limit in chosen]
    if account_bound is not None and payer.account_id == OWNER_ACCOUNT:
        limit = Limit(Scope.ACCOUNT, 0, Period.MONTH, account_bound)
        all_guilds = counters.of_account(conn, payer.account_id, Period.MONTH, keys_at(now, rules.time_zone).month)
        renewal = renews_at(Period.MONTH, now, rules.time_zone)
        allowances.append(Allowance(limit, all_guilds.held, all_guilds.spent, renewal))
    status = QuotaStatus(
        rules=rules,
        allowances=tuple(allowances),
        member_jobs=used.get((BudgetScope.MEMBER, EVER), Used()).open_holds,
        guild_jobs=used.get((BudgetScope.GUILD, EVER), Used()).open_holds,
        guild_grants=sum(grant.left for grant in grants if grant.budget_scope is BudgetScope.GUILD),
        member_grants=sum(grant.left for grant in grants if grant.budget_scope is BudgetScope.MEMBER),
    )
    return Quota(payer, now, status, grants)


def hold(conn: Connection, quota: Quota, job_id: str, model_slug: str, credits: int) -> Held | tuple[Refusal, ...]:
    """Hold a job's price if it fits everything that applies; else write nothing and return all that is in its way.

    `credits` is the job's highest price as far as it is known. `quota` was read under the guild's lock, which still
    stands. Raises NotPossible for a price that no request can have, and IntegrityError for a job's second hold.
    """
    split = decide(quota.status, credits)
    if isinstance(split, tuple):
        return split
    payer, now, rules = quota.payer, quota.now, quota.status.rules
    parts = _draw(quota.grants, BudgetScope.GUILD, split.guild_granted)
    parts += _draw(quota.grants, BudgetScope.MEMBER, split.member_granted)
    job = HeldJob(job_id, model_slug, payer, keys_at(now, rules.time_zone), credits, parts)
    ledger.enter_hold(conn, job, moves.hold(credits), Note(now))
    channel_id = rules.approval_channel(credits)
    if channel_id is not None:
        approvals.open_question(conn, job_id, payer.guild_id, channel_id, now)
    return Held(quota.status.after(split), awaits_approval=channel_id is not None)


def capture(conn: Connection, job_id: str, charged: int, now: float, *, kept: bool = False) -> Captured:
    """End a job's hold at what the provider charged, which may be more than the hold.

    `kept` says that the job failed and the provider kept the credits all the same; the ledger then shows it so. Raises
    NotPossible for a job that was never held.
    """
    job = ledger.held_job(conn, job_id)
    movement = moves.capture(job.credits, charged)
    if not _end(conn, job, Kind.KEPT if kept else Kind.CAPTURE, movement, Note(now)):
        return Captured(overrun=0, changed=False)
    return Captured(movement.overrun, changed=True)


def release(conn: Connection, job_id: str, now: float, reason: str) -> bool:
    """End a job's hold without a charge. Returns False, and writes nothing, if it had ended before.

    Raises NotPossible for a job that was never held.
    """
    job = ledger.held_job(conn, job_id)
    return _end(conn, job, Kind.RELEASE, moves.release(job.credits), Note(now, reason))


def quota_status(
    conn: Connection,
    guild_id: int,
    member_id: int,
    role_ids: Collection[int],
    now: float,
    *,
    account_id: int = OWNER_ACCOUNT,
    account_bound: int | None = None,
) -> QuotaStatus:
    """Return what is left under each limit that applies to a member. Raises UnknownGuild if the guild has no row."""
    payer = Payer(guild_id, member_id, account_id)
    rules = rules_of(conn, guild_id)
    return read_quota(conn, rules, payer, role_ids, now, account_bound=account_bound).status


def _end(conn: Connection, job: HeldJob, kind: Kind, movement: Movement, note: Note) -> bool:
    lock_guild(conn, job.payer.guild_id)
    if ledger.totals_of(conn, job.job_id).ended:
        return False
    ledger.enter_end(conn, job, kind, movement, note)
    approvals.withdraw(conn, job.job_id, note.now)
    return True


def _draw(grants: Collection[Grant], budget_scope: BudgetScope, needed: int) -> tuple[Part, ...]:
    usable = [grant for grant in grants if grant.budget_scope is budget_scope]
    taken = draw(needed, [grant.left for grant in usable])
    return tuple(Part(grant.id, budget_scope, used) for grant, used in zip(usable, taken, strict=True) if used)
