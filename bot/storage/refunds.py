"""Failed jobs for which the provider kept credits that nobody has given back yet."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.jobs import JobState
from bot.domain.ledger_views import Refundable
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.money import ledger_entries_table

_SPENT = (
    select(func.coalesce(func.sum(ledger_entries_table.c.spent_delta), 0))
    .where(ledger_entries_table.c.job_id == jobs_table.c.id)
    .scalar_subquery()
)
_KEPT = (
    select(
        jobs_table.c.id,
        jobs_table.c.member_id,
        jobs_table.c.model_name,
        jobs_table.c.payload,
        jobs_table.c.ended_at,
        _SPENT.label("spent"),
    )
    .where(
        jobs_table.c.account_id.in_(bindparam("account_ids", expanding=True)),
        jobs_table.c.state == JobState.FAILED,
        jobs_table.c.guild_id == bindparam("guild_id"),
        jobs_table.c.charged > 0,
        _SPENT > 0,
    )
    .order_by(jobs_table.c.ended_at.desc())
    .limit(bindparam("count"))
)


def refundable(conn: Connection, guild_id: int, account_ids: Collection[int], count: int) -> tuple[Refundable, ...]:
    """Return the latest such jobs of a guild, newest first. `account_ids` are the accounts that pay or paid for it."""
    rows = conn.execute(_KEPT, {"guild_id": guild_id, "account_ids": list(account_ids), "count": count})
    return tuple(
        Refundable(
            job_id=row.id,
            member_id=row.member_id,
            model_name=row.model_name,
            prompt=str(row.payload.get("prompt") or ""),
            ended_at=row.ended_at or 0.0,
            credits=int(row.spent),
        )
        for row in rows
    )
