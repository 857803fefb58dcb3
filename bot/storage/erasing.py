"""How a person's data is erased: words and links go, the person becomes a pseudonym, amounts stay as they are.

Everything here can be repeated: what was erased before is not found again.
"""

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    String,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    or_,
    select,
    true,
    update,
)

from bot.domain.audit import BLOCKED_REASON, without_person, without_reasons
from bot.domain.json_value import JsonObject
from bot.domain.ledger import Kind, Phase
from bot.domain.periods import Period, keys_at
from bot.domain.privacy import NO_GUILD, Erasure
from bot.domain.quota import BudgetScope, Scope
from bot.storage import gallery_erasing, incident_erasing, reel_erasing
from bot.storage.guilds import lock_guild
from bot.storage.ledger_check import recount_members
from bot.storage.tables.cast import cast_pictures_table
from bot.storage.tables.comparisons import comparison_votes_table, comparisons_table
from bot.storage.tables.discord import member_choices_table, member_locales_table
from bot.storage.tables.guild_settings import guild_settings_table, log_entries_table
from bot.storage.tables.jobs import job_events_table, jobs_table, outbox_table, queue_switches_table
from bot.storage.tables.moderation import (
    age_restricted_models_table,
    incidents_table,
    member_blocks_table,
    reports_table,
    word_list_entries_table,
)
from bot.storage.tables.money import (
    approvals_table,
    audit_log_table,
    grants_table,
    guilds_table,
    ledger_entries_table,
    limits_table,
)
from bot.storage.tables.privacy import carried_usage_table
from bot.storage.tables.provider import fair_tags_table
from bot.storage.tables.styles import styles_table
from bot.storage.upsert import upsert

_GUILD: BindParameter[int] = bindparam("guild")
_MEMBER: BindParameter[int] = bindparam("member")
_PSEUDONYM: BindParameter[int] = bindparam("pseudonym")
_UNTIL: BindParameter[float] = bindparam("until")
_JOBS_OF_GUILD = select(jobs_table.c.id).where(jobs_table.c.guild_id == _GUILD)
_OWN_JOBS = _JOBS_OF_GUILD.where(jobs_table.c.member_id == _MEMBER, jobs_table.c.created_at <= _UNTIL)
_ENTRY = ledger_entries_table.c
_HELD_BEFORE = select(_ENTRY.job_id).where(
    _ENTRY.guild_id == _GUILD, _ENTRY.member_id == _MEMBER, _ENTRY.phase == Phase.HOLD, _ENTRY.created_at <= _UNTIL
)
# All entries of a job or none: a hold and its end must not be two people's.
_IS_OWN_ENTRY = and_(
    _ENTRY.guild_id == _GUILD,
    _ENTRY.member_id == _MEMBER,
    or_(_ENTRY.job_id.in_(_HELD_BEFORE), and_(_ENTRY.job_id.is_(None), _ENTRY.created_at <= _UNTIL)),
)
_OWN_GRANTS = (grants_table.c.scope == BudgetScope.MEMBER) & (grants_table.c.subject_id == _MEMBER)
_GRANTS_GIVEN = select(_ENTRY.grant_id).where(
    _ENTRY.guild_id == _GUILD, _ENTRY.kind == Kind.GRANT, _ENTRY.actor_id == _MEMBER
)
_CLEAR_GRANTS = (
    update(grants_table)
    .where(grants_table.c.guild_id == _GUILD, or_(_OWN_GRANTS, grants_table.c.id.in_(_GRANTS_GIVEN)))
    .values(reason="")
)
_MOVE_GRANTS = update(grants_table).where(grants_table.c.guild_id == _GUILD, _OWN_GRANTS).values(subject_id=_PSEUDONYM)
_MOVE_ENTRIES = update(ledger_entries_table).where(_IS_OWN_ENTRY).values(member_id=_PSEUDONYM, reason=None)
_MOVE_ACTIONS = (
    update(ledger_entries_table)
    .where(_ENTRY.guild_id == _GUILD, _ENTRY.actor_id == _MEMBER)
    .values(actor_id=_PSEUDONYM, reason=None)
)
_COUNTS_MEMBERS = select(limits_table.c.guild_id).where(
    limits_table.c.guild_id == _GUILD, limits_table.c.scope.in_((Scope.DEFAULT, Scope.ROLE, Scope.MEMBER))
)
_CARRY = upsert(carried_usage_table, (carried_usage_table.c.created_at,), added=(carried_usage_table.c.spent,))


def _in_data(name: str) -> ColumnElement[str]:
    return cast(audit_log_table.c.data[name].as_string(), String)


_AUDIT_OF_GUILD = select(audit_log_table.c.id, audit_log_table.c.actor_id, audit_log_table.c.data).where(
    audit_log_table.c.guild_id == _GUILD
)
_BLOCKS = _AUDIT_OF_GUILD.where(_in_data("rule") == BLOCKED_REASON)
_AUDIT = _AUDIT_OF_GUILD.where(
    or_(
        audit_log_table.c.actor_id == _MEMBER,
        _in_data("member_id") == bindparam("member_text"),
        _in_data("subject_id") == bindparam("member_text"),
        _in_data("job_id").in_(_OWN_JOBS),
    ),
)
_SET_AUDIT = (
    update(audit_log_table)
    .where(audit_log_table.c.id == bindparam("entry"))
    .values(actor_id=bindparam("actor"), data=bindparam("erased"))
)
_CLEAR_BLOCK = (
    update(guilds_table)
    .where(
        guilds_table.c.guild_id == _GUILD,
        guilds_table.c.blocked_reason.in_(bindparam("reasons", expanding=True)),
    )
    .values(blocked_reason="")
)


def _becomes(column: Column[int], where: ColumnElement[bool]) -> Update:
    return update(column.table).where(column == _MEMBER, where).values({column.name: _PSEUDONYM})


_ACTORS = (
    _becomes(job_events_table.c.actor_id, job_events_table.c.job_id.in_(_JOBS_OF_GUILD)),
    _becomes(outbox_table.c.deleted_by, outbox_table.c.job_id.in_(_JOBS_OF_GUILD)),
    _becomes(approvals_table.c.actor_id, approvals_table.c.guild_id == _GUILD),
    _becomes(guild_settings_table.c.actor_id, guild_settings_table.c.guild_id == _GUILD),
    _becomes(queue_switches_table.c.actor_id, queue_switches_table.c.guild_id == _GUILD),
    _becomes(word_list_entries_table.c.actor_id, word_list_entries_table.c.guild_id == _GUILD),
    _becomes(member_blocks_table.c.actor_id, member_blocks_table.c.guild_id == _GUILD),
    _becomes(incidents_table.c.actor_id, incidents_table.c.guild_id == _GUILD),
    _becomes(styles_table.c.actor_id, styles_table.c.guild_id == _GUILD),
)
"""What the person did as a moderator or owner: it stays, and was done by a pseudonym."""
_GUILDS_OF = (
    select(jobs_table.c.guild_id).where(jobs_table.c.member_id == _MEMBER),
    select(_ENTRY.guild_id).where(or_(_ENTRY.member_id == _MEMBER, _ENTRY.actor_id == _MEMBER)),
    select(audit_log_table.c.guild_id).where(audit_log_table.c.actor_id == _MEMBER),
    select(approvals_table.c.guild_id).where(approvals_table.c.actor_id == _MEMBER),
    select(guild_settings_table.c.guild_id).where(guild_settings_table.c.actor_id == _MEMBER),
    select(queue_switches_table.c.guild_id).where(queue_switches_table.c.actor_id == _MEMBER),
    select(word_list_entries_table.c.guild_id).where(word_list_entries_table.c.actor_id == _MEMBER),
    select(styles_table.c.guild_id).where(styles_table.c.actor_id == _MEMBER),
    select(cast_pictures_table.c.guild_id).where(cast_pictures_table.c.member_id == _MEMBER),
    select(member_blocks_table.c.guild_id).where(
        or_(member_blocks_table.c.member_id == _MEMBER, member_blocks_table.c.actor_id == _MEMBER)
    ),
    select(incidents_table.c.guild_id).where(
        or_(incidents_table.c.member_id == _MEMBER, incidents_table.c.actor_id == _MEMBER)
    ),
    select(incidents_table.c.guild_id)
    .join(reports_table, reports_table.c.incident_id == incidents_table.c.id)
    .where(reports_table.c.reporter_id == _MEMBER),
    select(fair_tags_table.c.guild_id).where(fair_tags_table.c.member_id == _MEMBER),
    *reel_erasing.GUILDS_OF,
    select(comparisons_table.c.guild_id)
    .join(comparison_votes_table, comparison_votes_table.c.comparison_id == comparisons_table.c.id)
    .where(comparison_votes_table.c.member_id == _MEMBER),
    *gallery_erasing.GUILDS_OF,
    *(
        select(jobs_table.c.guild_id).join(table, table.c.job_id == jobs_table.c.id).where(column == _MEMBER)
        for table, column in (
            (job_events_table, job_events_table.c.actor_id),
            (outbox_table, outbox_table.c.deleted_by),
        )
    ),
)
_FORGET_CARRIED = delete(carried_usage_table).where(carried_usage_table.c.created_at < bindparam("before"))
_FORGET_CHOICES = delete(member_choices_table).where(member_choices_table.c.member_id == _MEMBER)
_FORGET_LOCALE = delete(member_locales_table).where(member_locales_table.c.member_id == _MEMBER)
_MARKED = _becomes(age_restricted_models_table.c.actor_id, true())
_FORGET_LINES = delete(log_entries_table).where(
    log_entries_table.c.guild_id == _GUILD,
    or_(
        cast(log_entries_table.c.data, String).contains(bindparam("member_text")),
        cast(log_entries_table.c.data["job_id"].as_string(), String).in_(_OWN_JOBS),
        cast(log_entries_table.c.data["data", "job_id"].as_string(), String).in_(_OWN_JOBS),
    ),
)
"""Drops lines about the person that are not written into the log channel yet."""
_FORGET_PICTURES = delete(cast_pictures_table).where(
    cast_pictures_table.c.guild_id == _GUILD, cast_pictures_table.c.member_id == _MEMBER
)
"""Drops the pictures that the person saved: their own (NO_GUILD), or those that they gave to a guild."""
_FORGET_TAGS = delete(fair_tags_table).where(
    fair_tags_table.c.guild_id == _GUILD, fair_tags_table.c.member_id == _MEMBER
)

_FORGET_VOTES = delete(comparison_votes_table).where(
    comparison_votes_table.c.member_id == _MEMBER,
    comparison_votes_table.c.comparison_id.in_(
        select(comparisons_table.c.id).where(comparisons_table.c.guild_id == _GUILD)
    ),
)


def guilds_of(conn: Connection, member_id: int) -> list[int]:
    """Return the guilds in which anything names a person, and NO_GUILD for what belongs to no guild."""
    found = {NO_GUILD}
    for query in _GUILDS_OF:
        found.update(conn.execute(query.distinct(), {"member": member_id}).scalars())
    return sorted(found)


def erase_outside_guilds(conn: Connection, erasure: Erasure) -> None:
    """Forget a person's last choices and language, and put the pseudonym where they changed something for all."""
    key = _key(erasure)
    conn.execute(_FORGET_CHOICES, key)
    conn.execute(_FORGET_LOCALE, key)
    conn.execute(_FORGET_PICTURES, key)
    _erase_from_audit_log(conn, erasure)
    for statement in (*_ACTORS, _MARKED):
        conn.execute(statement, key)


def make_pseudonym(conn: Connection, erasure: Erasure, now: float) -> None:
    """Put the pseudonym in the person's place, wherever credits and changes are kept, and take their words out.

    Limits for the person stay, under their id, and so does what they count in periods that are not over: otherwise an
    erasure would lift a limit. The jobs themselves are `bot.storage.job_erasing`'s.
    """
    key = _key(erasure)
    rules = lock_guild(conn, erasure.guild_id)
    conn.execute(_CLEAR_GRANTS, key)
    _erase_from_audit_log(conn, erasure)
    conn.execute(_MOVE_GRANTS, key)
    conn.execute(_MOVE_ACTIONS, key)
    if conn.execute(_MOVE_ENTRIES, key).rowcount:
        _move_counters(conn, erasure, rules.time_zone, now)
    incident_erasing.erase(conn, erasure, now)
    for statement in _ACTORS:
        conn.execute(statement, key)
    conn.execute(_FORGET_TAGS, key)
    conn.execute(_FORGET_PICTURES, key)
    conn.execute(_FORGET_VOTES, key)
    conn.execute(_FORGET_LINES, key)


def _key(erasure: Erasure) -> dict[str, object]:
    return {
        "guild": erasure.guild_id,
        "member": erasure.member_id,
        "member_text": str(erasure.member_id),
        "pseudonym": erasure.pseudonym,
        "until": erasure.requested_at,
    }


def _move_counters(conn: Connection, erasure: Erasure, time_zone: str, now: float) -> None:
    moved = recount_members(conn, erasure.guild_id, (erasure.member_id, erasure.pseudonym))
    if conn.execute(_COUNTS_MEMBERS, {"guild": erasure.guild_id}).first() is None:
        return
    keys = keys_at(now, time_zone)
    carried = {"guild_id": erasure.guild_id, "member_id": erasure.member_id, "created_at": now}
    for period in Period:
        held, spent, _ = moved.get((BudgetScope.MEMBER, erasure.pseudonym, period, keys.of(period)), (0, 0, 0))
        if held + spent > 0:
            row = carried | {"period": period, "period_key": keys.of(period), "spent": held + spent}
            conn.execute(_CARRY, row)


def forget_carried(conn: Connection, before: float) -> None:
    """Drop what was carried over before that moment: the longest period is over by then."""
    conn.execute(_FORGET_CARRIED, {"before": before})


def _erase_from_audit_log(conn: Connection, erasure: Erasure) -> None:
    person, pseudonym = erasure.member_id, erasure.pseudonym
    key = _key(erasure)
    about = conn.execute(_AUDIT, key).all()
    for entry in about:
        actor = pseudonym if entry.actor_id == person else entry.actor_id
        erased = without_person(entry.data, person, pseudonym)
        conn.execute(_SET_AUDIT, {"entry": entry.id, "actor": actor, "erased": erased})
    blocks = [entry.data["after"] for entry in about if entry.actor_id == person and _is_block(entry.data)]
    if reasons := [reason for reason in blocks if isinstance(reason, str)]:
        for entry in conn.execute(_BLOCKS, key).all():
            actor = pseudonym if entry.actor_id == person else entry.actor_id
            erased = without_reasons(entry.data, reasons)
            conn.execute(_SET_AUDIT, {"entry": entry.id, "actor": actor, "erased": erased})
        conn.execute(_CLEAR_BLOCK, key | {"reasons": reasons})


def _is_block(data: JsonObject) -> bool:
    return data.get("rule") == BLOCKED_REASON
