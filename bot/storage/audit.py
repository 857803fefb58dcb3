"""The audit log: who changed which setting, from what to what. Rows are only ever added."""

from sqlalchemy import Connection, bindparam, insert, select

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.guild_log import LogKind
from bot.domain.json_value import JsonObject
from bot.storage import guild_log
from bot.storage.tables.money import audit_log_table

_ADD = insert(audit_log_table)
_LATEST = (
    select(audit_log_table.c.actor_id, audit_log_table.c.action, audit_log_table.c.data, audit_log_table.c.created_at)
    .where(audit_log_table.c.guild_id == bindparam("guild_id"))
    .order_by(audit_log_table.c.id.desc())
    .limit(bindparam("count"))
)

_OF_RULE = _LATEST.where(
    audit_log_table.c.action == AuditAction.CHANGE_RULE, audit_log_table.c.data["rule"].as_string() == bindparam("rule")
)
_OF_ACTION = _LATEST.where(audit_log_table.c.action == bindparam("action"))


def record(conn: Connection, guild_id: int, actor_id: int, action: AuditAction, data: JsonObject, now: float) -> None:
    """Note a change in the transaction that makes it, and tell it in the guild's log channel."""
    values = {"guild_id": guild_id, "actor_id": actor_id, "action": action, "data": data, "created_at": now}
    conn.execute(_ADD, values)
    told: JsonObject = {"actor_id": actor_id, "action": action.value, "data": data}
    guild_log.add(conn, guild_id, LogKind.CHANGED, told, now)


def latest(conn: Connection, guild_id: int, count: int) -> tuple[AuditEntry, ...]:
    """Return the latest changes in a guild, newest first."""
    rows = conn.execute(_LATEST, {"guild_id": guild_id, "count": count})
    return tuple(AuditEntry(*row) for row in rows)


def latest_of_rule(conn: Connection, guild_id: int, rule: str) -> AuditEntry | None:
    """Return the latest change of one of a guild's rules; None if it was never changed."""
    row = conn.execute(_OF_RULE, {"guild_id": guild_id, "rule": rule, "count": 1}).one_or_none()
    return None if row is None else AuditEntry(*row)


def latest_of_action(conn: Connection, guild_id: int, action: AuditAction) -> AuditEntry | None:
    """Return the latest change of one kind in a guild; None if there never was one."""
    row = conn.execute(_OF_ACTION, {"guild_id": guild_id, "action": action, "count": 1}).one_or_none()
    return None if row is None else AuditEntry(*row)
