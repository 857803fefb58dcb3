"""A change of a guild's rules about money: checked, written, and noted in the audit log, in one transaction."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.guild_settings import fingerprint
from bot.domain.json_value import JsonObject
from bot.domain.periods import zone
from bot.domain.quota import Rules
from bot.domain.refusals import Impossible, NotPossible
from bot.storage import audit
from bot.storage.guilds import lock_guild, set_rules


def change_rules(
    conn: Connection,
    guild_id: int,
    actor_id: int,
    changes: Mapping[str, Any],
    now: float,
    *,
    seen: Mapping[str, str] | None = None,
) -> Rules:
    """Change some of a guild's rules (fields of Rules) and return all of them.

    `seen` has the fingerprints of values that the moderator saw. Raises NotPossible where others stand by now.
    """
    before = lock_guild(conn, guild_id)
    if any(fingerprint(getattr(before, rule)) != shown for rule, shown in (seen or {}).items()):
        raise NotPossible(Impossible.CHANGED_MEANWHILE)
    zone(changes.get("time_zone", before.time_zone))
    after = replace(before, **changes)
    if after.approval_above is not None and after.approval_channel_id is None:
        raise NotPossible(Impossible.NO_APPROVAL_CHANNEL)
    set_rules(conn, guild_id, after)
    for field in fields(Rules):
        was, becomes = getattr(before, field.name), getattr(after, field.name)
        if was != becomes:
            data: JsonObject = {"rule": field.name, "before": was, "after": becomes}
            audit.record(conn, guild_id, actor_id, AuditAction.CHANGE_RULE, data, now)
    return after
