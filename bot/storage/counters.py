"""The running sums of the ledger: held, spent and open holds per guild, member and account, and per period."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, literal, or_, select, union_all, update

from bot.domain.periods import Period, PeriodKeys
from bot.domain.quota import BudgetScope
from bot.storage.tables.money import usage_table
from bot.storage.tables.privacy import carried_usage_table
from bot.storage.upsert import upsert

EVER = "ever"
"""The period without an end; its key is empty."""


@dataclass(frozen=True, slots=True)
class Used:
    """What is used of one budget, in credits. On the account's scope, `spent` is what the provider charged."""

    held: int = 0
    spent: int = 0
    open_holds: int = 0


_KEY = (
    usage_table.c.guild_id,
    usage_table.c.tally,
    usage_table.c.subject_id,
    usage_table.c.period,
    usage_table.c.period_key,
)
_SUMS = (usage_table.c.held, usage_table.c.spent, usage_table.c.open_holds)
_OPEN = upsert(usage_table, (), added=_SUMS)
_MOVE = (
    update(usage_table)
    .where(*(column == bindparam(f"key_{column.name}") for column in _KEY))
    .values({column.name: column + bindparam(f"add_{column.name}") for column in _SUMS})
)
_READ = select(usage_table.c.tally, usage_table.c.period, *_SUMS).where(
    usage_table.c.guild_id == bindparam("guild_id"),
    or_(
        (usage_table.c.tally == BudgetScope.GUILD) & (usage_table.c.subject_id == 0),
        (usage_table.c.tally == BudgetScope.MEMBER) & (usage_table.c.subject_id == bindparam("member_id")),
        (usage_table.c.tally == BudgetScope.ACCOUNT) & (usage_table.c.subject_id == bindparam("account_id")),
    ),
    usage_table.c.period_key.in_((bindparam("day"), bindparam("week"), bindparam("month"), "")),
)
_READ_CARRIED = select(
    literal(BudgetScope.MEMBER, usage_table.c.tally.type),
    carried_usage_table.c.period,
    literal(0),
    carried_usage_table.c.spent,
    literal(0),
).where(
    carried_usage_table.c.guild_id == bindparam("guild_id"),
    carried_usage_table.c.member_id == bindparam("member_id"),
    carried_usage_table.c.period_key.in_((bindparam("day"), bindparam("week"), bindparam("month"))),
)
_READ_ALL = union_all(_READ, _READ_CARRIED)
"""What is used, and what a member used before an erasure in periods that are not over."""


_OF_ACCOUNT = select(
    func.coalesce(func.sum(usage_table.c.held), 0), func.coalesce(func.sum(usage_table.c.spent), 0)
).where(
    usage_table.c.tally == BudgetScope.ACCOUNT,
    usage_table.c.subject_id == bindparam("account_id"),
    usage_table.c.period == bindparam("period"),
    usage_table.c.period_key == bindparam("key"),
)


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose counters a job moves."""

    guild_id: int
    member_id: int
    account_id: int

    def subject(self, budget_scope: BudgetScope) -> int:
        """Return the subject of the counter on that scope."""
        return {BudgetScope.ACCOUNT: self.account_id, BudgetScope.GUILD: 0, BudgetScope.MEMBER: self.member_id}[
            budget_scope
        ]


def read(conn: Connection, payer: Payer, keys: PeriodKeys) -> dict[tuple[BudgetScope, str], Used]:
    """Return what is used in the three current periods and ever, by scope and period. Unused budgets have no item."""
    values = {"guild_id": payer.guild_id, "member_id": payer.member_id, "account_id": payer.account_id}
    rows = conn.execute(_READ_ALL, values | {"day": keys.day, "week": keys.week, "month": keys.month})
    used: dict[tuple[BudgetScope, str], Used] = {}
    for budget_scope, period, held, spent, open_holds in rows:
        other = used.get((budget_scope, period), Used())
        used[budget_scope, period] = Used(other.held + held, other.spent + spent, other.open_holds + open_holds)
    return used


def of_account(conn: Connection, account_id: int, period: str, key: str) -> Used:
    """Return what all guilds together use of an account in one period. Lock the account first to rely on it."""
    held, spent = conn.execute(_OF_ACCOUNT, {"account_id": account_id, "period": period, "key": key}).one()
    return Used(int(held), int(spent))


def begin(conn: Connection, payer: Payer, keys: PeriodKeys, used: dict[BudgetScope, Used]) -> None:
    """Add a hold's sums, and begin the counters of new periods."""
    names = [column.name for column in (*_KEY, *_SUMS)]
    conn.execute(_OPEN, [dict(zip(names, row, strict=True)) for row in _rows(payer, keys, used)])


def move(conn: Connection, payer: Payer, keys: PeriodKeys, used: dict[BudgetScope, Used]) -> None:
    """Add sums, negative ones too, to the counters that the job's hold began."""
    names = [f"key_{column.name}" for column in _KEY] + [f"add_{column.name}" for column in _SUMS]
    conn.execute(_MOVE, [dict(zip(names, row, strict=True)) for row in _rows(payer, keys, used)])


def _rows(payer: Payer, keys: PeriodKeys, used: dict[BudgetScope, Used]) -> list[tuple[int | str, ...]]:
    # Always in the same order, so that two transactions never wait for each other's rows crosswise.
    spans = [(period.value, keys.of(period)) for period in Period] + [(EVER, "")]
    return [
        (
            payer.guild_id,
            budget_scope,
            payer.subject(budget_scope),
            period,
            key,
            sums.held,
            sums.spent,
            sums.open_holds,
        )
        for budget_scope, sums in used.items()
        for period, key in spans
    ]
