"""Write the ledger: one entry, the grants' part of it, and the counters, always together.

The caller holds the guild's lock (`bot.storage.guilds.lock_guild`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.domain.ledger import Kind, Movement, Phase, Totals, borne_by_grants
from bot.domain.periods import PeriodKeys
from bot.domain.quota import BudgetScope
from bot.domain.refusals import Impossible, NotPossible
from bot.storage import counters
from bot.storage.counters import Payer, Used
from bot.storage.tables.money import grant_entries_table, grants_table, ledger_entries_table

_ENTER = insert(ledger_entries_table).returning(ledger_entries_table.c.id)
_ENTER_GRANTS = insert(grant_entries_table)
_MOVE_GRANT = (
    update(grants_table)
    .where(grants_table.c.id == bindparam("key"))
    .values(held=grants_table.c.held + bindparam("add_held"), spent=grants_table.c.spent + bindparam("add_spent"))
)
_HOLD = select(ledger_entries_table).where(
    ledger_entries_table.c.job_id == bindparam("job_id"), ledger_entries_table.c.phase == Phase.HOLD
)
_PARTS = (
    select(grant_entries_table.c.grant_id, grants_table.c.scope, grant_entries_table.c.held_delta)
    .join(grants_table, grants_table.c.id == grant_entries_table.c.grant_id)
    .where(grant_entries_table.c.entry_id == bindparam("entry_id"))
    .order_by(grants_table.c.ends_at.nulls_last(), grants_table.c.id)
)
_LEFT = grants_table.c.amount - grants_table.c.held - grants_table.c.spent
_SHARES = (
    select(grants_table.c.id, func.sum(grant_entries_table.c.spent_delta), _LEFT)
    .join(grant_entries_table, grant_entries_table.c.grant_id == grants_table.c.id)
    .join(ledger_entries_table, ledger_entries_table.c.id == grant_entries_table.c.entry_id)
    .where(ledger_entries_table.c.job_id == bindparam("job_id"))
    .group_by(grants_table.c.id)
)
_TOTALS = select(
    func.count().filter(ledger_entries_table.c.phase == Phase.END),
    func.coalesce(func.sum(ledger_entries_table.c.spent_delta), 0),
    func.coalesce(func.sum(ledger_entries_table.c.charged_delta), 0),
).where(ledger_entries_table.c.job_id == bindparam("job_id"))


@dataclass(frozen=True, slots=True)
class Part:
    """What one grant bears of a job, in credits."""

    grant_id: int
    budget_scope: BudgetScope
    credits: int


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job as its hold recorded it; it never changes."""

    job_id: str
    model_slug: str
    payer: Payer
    keys: PeriodKeys
    credits: int
    parts: tuple[Part, ...]
    """The grants' parts of the hold, in order of use."""

    def borne(self, total: int) -> list[int]:
        """Return what each of the parts bears when the job costs `total`."""
        shares: dict[int, int] = {}
        for budget_scope in (BudgetScope.GUILD, BudgetScope.MEMBER):
            parts = [part for part in self.parts if part.budget_scope is budget_scope]
            borne = borne_by_grants(total, self.credits, [part.credits for part in parts])
            shares |= {part.grant_id: share for part, share in zip(parts, borne, strict=True)}
        return [shares[part.grant_id] for part in self.parts]


@dataclass(frozen=True, slots=True)
class Note:
    """Who made an entry, why, and when; the engine itself is no actor."""

    now: float
    reason: str | None = None
    actor_id: int | None = None


def held_job(conn: Connection, job_id: str) -> HeldJob:
    """Read a job's hold. Raises NotPossible if there is none."""
    row = conn.execute(_HOLD, {"job_id": job_id}).first()
    if row is None:
        raise NotPossible(Impossible.NO_SUCH_JOB)
    parts = conn.execute(_PARTS, {"entry_id": row.id})
    return HeldJob(
        job_id=job_id,
        model_slug=row.model_slug,
        payer=Payer(row.guild_id, row.member_id, row.account_id),
        keys=PeriodKeys(row.day_key, row.week_key, row.month_key),
        credits=row.held_delta,
        parts=tuple(Part(*part) for part in parts),
    )


def totals_of(conn: Connection, job_id: str) -> Totals:
    """Return what the entries of a job add up to so far."""
    ended, spent, charged = conn.execute(_TOTALS, {"job_id": job_id}).one()
    return Totals(bool(ended), int(spent), int(charged))


def enter_hold(conn: Connection, job: HeldJob, movement: Movement, note: Note) -> None:
    """Write a job's first entry."""
    parts = [(part.credits, 0) for part in job.parts]
    _enter(conn, job, Kind.HOLD, Phase.HOLD, movement, parts, note)
    counters.begin(conn, job.payer, job.keys, _sums(job, movement, parts))


def enter_end(conn: Connection, job: HeldJob, kind: Kind, movement: Movement, note: Note) -> None:
    """Write the entry that ends a job's hold."""
    shares = job.borne(movement.spent)
    parts = [(-part.credits, share) for part, share in zip(job.parts, shares, strict=True)]
    _enter(conn, job, kind, Phase.END, movement, parts, note)
    counters.move(conn, job.payer, job.keys, _sums(job, movement, parts))


def enter_change(conn: Connection, job: HeldJob, kind: Kind, spent: int, movement: Movement, note: Note) -> None:
    """Write a refund or a correction of an ended job on which `spent` credits were spent until now.

    A grant that gave credits to another job meanwhile bears no more than it has left. The limits bear the rest.
    """
    shares = {grant_id: (int(share), left) for grant_id, share, left in conn.execute(_SHARES, {"job_id": job.job_id})}
    parts = []
    for part, wanted in zip(job.parts, job.borne(spent + movement.spent), strict=True):
        share, left = shares[part.grant_id]
        most = share if movement.spent < 0 else share + left
        parts.append((0, min(wanted, most) - share))
    _enter(conn, job, kind, None, movement, parts, note)
    counters.move(conn, job.payer, job.keys, _sums(job, movement, parts))


def enter_grant(
    conn: Connection, guild_id: int, member_id: int | None, grant_id: int, amount: int, keys: PeriodKeys, note: Note
) -> None:
    """Write the entry that explains a grant; it moves no credits."""
    values = {"guild_id": guild_id, "member_id": member_id, "grant_id": grant_id, "granted_delta": amount}
    conn.execute(_ENTER, _row(Kind.GRANT, Movement(0, 0, 0), keys, note) | values)


def _enter(
    conn: Connection,
    job: HeldJob,
    kind: Kind,
    phase: Phase | None,
    movement: Movement,
    parts: Sequence[tuple[int, int]],
    note: Note,
) -> None:
    payer = job.payer
    values: dict[str, object] = {"account_id": payer.account_id, "member_id": payer.member_id}
    values |= {"guild_id": payer.guild_id, "job_id": job.job_id, "model_slug": job.model_slug, "phase": phase}
    entry_id = conn.execute(_ENTER, _row(kind, movement, job.keys, note) | values).scalar_one()
    moved = [
        (part.grant_id, held, spent) for part, (held, spent) in zip(job.parts, parts, strict=True) if held or spent
    ]
    if moved:
        rows = [{"entry_id": entry_id, "grant_id": id_, "held_delta": h, "spent_delta": s} for id_, h, s in moved]
        conn.execute(_ENTER_GRANTS, rows)
        conn.execute(_MOVE_GRANT, [{"key": id_, "add_held": h, "add_spent": s} for id_, h, s in moved])


def _row(kind: Kind, movement: Movement, keys: PeriodKeys, note: Note) -> dict[str, object]:
    return {
        "account_id": None,
        "member_id": None,
        "job_id": None,
        "model_slug": None,
        "kind": kind,
        "phase": None,
        "held_delta": movement.held,
        "spent_delta": movement.spent,
        "charged_delta": movement.charged,
        "granted_delta": 0,
        "overrun": movement.overrun,
        "grant_id": None,
        "actor_id": note.actor_id,
        "reason": note.reason,
        "day_key": keys.day,
        "week_key": keys.week,
        "month_key": keys.month,
        "created_at": note.now,
    }


def _sums(job: HeldJob, movement: Movement, parts: Sequence[tuple[int, int]]) -> dict[BudgetScope, Used]:
    sums = {BudgetScope.ACCOUNT: Used(movement.held, movement.charged, movement.holds)}
    for budget_scope in (BudgetScope.GUILD, BudgetScope.MEMBER):
        mine = [pair for part, pair in zip(job.parts, parts, strict=True) if part.budget_scope is budget_scope]
        held, spent = sum(held for held, _ in mine), sum(spent for _, spent in mine)
        sums[budget_scope] = Used(movement.held - held, movement.spent - spent, movement.holds)
    return sums
