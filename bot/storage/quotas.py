"""Limits and grants as they are stored; what they mean is `bot.domain.quota`'s."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from bot.domain.quota import BudgetScope, Grant, Limit, Scope
from bot.storage.tables.money import grants_table, limits_table
from bot.storage.upsert import upsert

_OF_GUILD = select(limits_table.c.scope, limits_table.c.subject_id, limits_table.c.period, limits_table.c.amount).where(
    limits_table.c.guild_id == bindparam("guild_id")
)
_ALL = _OF_GUILD.order_by(limits_table.c.scope, limits_table.c.subject_id, limits_table.c.period)
_FOR_MEMBER = _OF_GUILD.where(
    or_(
        limits_table.c.scope.in_((Scope.CEILING, Scope.GUILD, Scope.DEFAULT)),
        (limits_table.c.scope == Scope.MEMBER) & (limits_table.c.subject_id == bindparam("member_id")),
        (limits_table.c.scope == Scope.ROLE) & limits_table.c.subject_id.in_(bindparam("role_ids", expanding=True)),
    )
)
_WRITE_LIMIT = upsert(limits_table, (limits_table.c.amount,))
_CLEAR = delete(limits_table).where(
    limits_table.c.guild_id == bindparam("guild_id"),
    limits_table.c.scope == bindparam("scope"),
    limits_table.c.subject_id == bindparam("subject_id"),
    limits_table.c.period == bindparam("period"),
)

_LEFT = grants_table.c.amount - grants_table.c.held - grants_table.c.spent
_IS_OPEN = (
    (grants_table.c.guild_id == bindparam("guild_id"))
    & (_LEFT > 0)
    & (grants_table.c.ends_at.is_(None) | (grants_table.c.ends_at > bindparam("now")))
)
_COLUMNS = (
    grants_table.c.id,
    grants_table.c.scope,
    grants_table.c.subject_id,
    grants_table.c.amount,
    _LEFT.label("left"),
    grants_table.c.reason,
)
_OPEN_GRANTS = (
    select(*_COLUMNS, grants_table.c.ends_at)
    .where(_IS_OPEN)
    .order_by(grants_table.c.ends_at.nulls_last(), grants_table.c.id)
)
_MEMBERS_GRANTS = _OPEN_GRANTS.where(
    or_(grants_table.c.scope == BudgetScope.GUILD, grants_table.c.subject_id == bindparam("member_id")),
)
_ADD_GRANT = insert(grants_table).returning(grants_table.c.id)


def limits_of(conn: Connection, guild_id: int) -> tuple[Limit, ...]:
    """Return every limit stated in a guild, also those of roles and members that are gone."""
    return tuple(Limit(*row) for row in conn.execute(_ALL, {"guild_id": guild_id}))


def limits_for(conn: Connection, guild_id: int, member_id: int, role_ids: Collection[int]) -> tuple[Limit, ...]:
    """Return the stated limits that can matter to one member. `applicable` chooses among them."""
    values = {"guild_id": guild_id, "member_id": member_id, "role_ids": list(role_ids)}
    return tuple(Limit(*row) for row in conn.execute(_FOR_MEMBER, values))


def set_limit(conn: Connection, guild_id: int, limit: Limit) -> None:
    """State a limit. It replaces one of the same scope, subject and period."""
    conn.execute(_WRITE_LIMIT, {"guild_id": guild_id, "amount": limit.amount} | _key(limit))


def clear_limit(conn: Connection, guild_id: int, limit: Limit) -> None:
    """Remove a limit, whatever its amount."""
    conn.execute(_CLEAR, {"guild_id": guild_id} | _key(limit))


def open_grants(conn: Connection, guild_id: int, now: float) -> tuple[Grant, ...]:
    """Return all grants in a guild with something left, in their order of use: those that end soonest first."""
    return tuple(Grant(*row) for row in conn.execute(_OPEN_GRANTS, {"guild_id": guild_id, "now": now}))


def open_grants_for(conn: Connection, guild_id: int, member_id: int, now: float) -> tuple[Grant, ...]:
    """Return the guild's and one member's grants with something left, in their order of use."""
    values = {"guild_id": guild_id, "member_id": member_id, "now": now}
    return tuple(Grant(*row) for row in conn.execute(_MEMBERS_GRANTS, values))


def add_grant(
    conn: Connection,
    guild_id: int,
    budget_scope: BudgetScope,
    subject_id: int,
    amount: int,
    reason: str,
    ends_at: float | None,
    now: float,
) -> int:
    """Write a grant and return its id."""
    values = {"guild_id": guild_id, "scope": budget_scope, "subject_id": subject_id, "amount": amount}
    written = conn.execute(_ADD_GRANT, values | {"reason": reason, "ends_at": ends_at, "created_at": now})
    return int(written.scalar_one())


def _key(limit: Limit) -> dict[str, str | int]:
    return {"scope": limit.scope, "subject_id": limit.subject_id, "period": limit.period}
