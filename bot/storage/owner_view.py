"""What the owner sees: each guild's use of the owner's account, and the account itself."""

from sqlalchemy import Connection, func, select

from bot.domain.ledger_views import Balance, GuildUse
from bot.domain.periods import Period, keys_at
from bot.domain.quota import BudgetScope, Limit, Scope
from bot.storage import counters
from bot.storage.counters import EVER
from bot.storage.tables.money import guilds_table, limits_table, usage_table
from bot.storage.tables.provider import OWNER_ACCOUNT, accounts_table

_CEILINGS = select(limits_table).where(limits_table.c.scope == Scope.CEILING).order_by(limits_table.c.period)
_COUNTERS = select(usage_table).where(
    usage_table.c.tally == BudgetScope.ACCOUNT,
    usage_table.c.subject_id == OWNER_ACCOUNT,
    usage_table.c.period.in_((EVER, Period.MONTH)),
)
_GUILDS = select(guilds_table.c.guild_id, guilds_table.c.time_zone, guilds_table.c.blocked_reason)
_GUILDS_KNOWN = select(func.count()).select_from(guilds_table)
_REMAINING = select(accounts_table.c.credits_remaining, accounts_table.c.credits_seen_at).where(
    accounts_table.c.id == OWNER_ACCOUNT
)


def guilds_on_owners_account(conn: Connection, now: float) -> tuple[GuildUse, ...]:
    """Return every known guild. The one that was charged most this month comes first."""
    ceilings: dict[int, list[Limit]] = {}
    for row in conn.execute(_CEILINGS):
        ceilings.setdefault(row.guild_id, []).append(Limit(Scope.CEILING, 0, row.period, row.amount))
    used = {(row.guild_id, row.period_key): row for row in conn.execute(_COUNTERS)}
    found = []
    for guild in conn.execute(_GUILDS):
        month = used.get((guild.guild_id, keys_at(now, guild.time_zone).month))
        ever = used.get((guild.guild_id, ""))
        found.append(
            GuildUse(
                guild_id=guild.guild_id,
                blocked_reason=guild.blocked_reason,
                held=ever.held if ever else 0,
                charged_this_month=month.spent if month else 0,
                charged_ever=ever.spent if ever else 0,
                ceilings=tuple(ceilings.get(guild.guild_id, ())),
            )
        )
    return tuple(sorted(found, key=lambda use: (-use.charged_this_month, use.guild_id)))


def owners_balance(conn: Connection, now: float, bound: int | None = None) -> Balance:
    """Return the owner's account as a whole. `bound` is what all guilds together may spend in a month."""
    account = conn.execute(_REMAINING).one()
    ever = counters.of_account(conn, OWNER_ACCOUNT, EVER, "")
    month = counters.of_account(conn, OWNER_ACCOUNT, Period.MONTH, keys_at(now, "UTC").month)
    known = conn.execute(_GUILDS_KNOWN).scalar_one()
    return Balance(
        remaining=account.credits_remaining,
        seen_at=account.credits_seen_at,
        held=ever.held,
        charged_ever=ever.spent,
        used_this_month=month.held + month.spent,
        guilds=int(known),
        bound=bound,
    )
