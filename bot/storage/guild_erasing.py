"""How a guild's data is erased: what its moderators set goes at once, what its members did becomes erasures of theirs.

The guild's number, its ledger and the owner's ceiling stay: they explain what the owner paid. A block by the owner
stays, too.
"""

from sqlalchemy import BindParameter, Connection, bindparam, case, delete, select, update

from bot.domain.audit import without_words
from bot.domain.quota import BudgetScope, Rules, Scope
from bot.storage import erasures, reel_erasing
from bot.storage.tables.cast import cast_pictures_table
from bot.storage.tables.comparisons import comparison_votes_table, comparisons_table
from bot.storage.tables.discord import upload_limits_table
from bot.storage.tables.gallery import (
    gallery_entries_table,
    gallery_opt_outs_table,
    showcase_posts_table,
    weekly_reels_table,
)
from bot.storage.tables.guild_settings import guild_notices_table, guild_settings_table, log_entries_table
from bot.storage.tables.jobs import job_events_table, jobs_table, outbox_table, queue_switches_table
from bot.storage.tables.moderation import (
    content_refusals_table,
    incidents_table,
    member_blocks_table,
    reports_table,
    word_list_entries_table,
    word_lists_table,
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

_GUILD: BindParameter[int] = bindparam("guild")
_JOBS = select(jobs_table.c.id).where(jobs_table.c.guild_id == _GUILD)
_INCIDENTS = select(incidents_table.c.id).where(incidents_table.c.guild_id == _GUILD)
_PEOPLE = (
    *(
        select(column).where(column.table.c.guild_id == _GUILD, column > 0).distinct()
        for column in (
            jobs_table.c.member_id,
            ledger_entries_table.c.member_id,
            ledger_entries_table.c.actor_id,
            audit_log_table.c.actor_id,
            approvals_table.c.actor_id,
            fair_tags_table.c.member_id,
        )
    ),
    select(job_events_table.c.actor_id).where(job_events_table.c.job_id.in_(_JOBS), job_events_table.c.actor_id > 0),
    select(outbox_table.c.deleted_by).where(outbox_table.c.job_id.in_(_JOBS), outbox_table.c.deleted_by > 0),
    select(grants_table.c.subject_id).where(
        grants_table.c.guild_id == _GUILD, grants_table.c.scope == BudgetScope.MEMBER, grants_table.c.subject_id > 0
    ),
)
"""Everybody whom the guild's data names."""
_FORGET = (
    delete(limits_table).where(limits_table.c.guild_id == _GUILD, limits_table.c.scope != Scope.CEILING),
    delete(reports_table).where(reports_table.c.incident_id.in_(_INCIDENTS)),
    delete(comparison_votes_table).where(
        comparison_votes_table.c.comparison_id.in_(
            select(comparisons_table.c.id).where(comparisons_table.c.guild_id == _GUILD)
        )
    ),
    *(
        delete(table).where(table.c.guild_id == _GUILD)
        for table in (
            incidents_table,
            content_refusals_table,
            member_blocks_table,
            word_list_entries_table,
            word_lists_table,
            guild_settings_table,
            guild_notices_table,
            log_entries_table,
            queue_switches_table,
            upload_limits_table,
            gallery_entries_table,
            gallery_opt_outs_table,
            showcase_posts_table,
            weekly_reels_table,
            carried_usage_table,
            styles_table,
            cast_pictures_table,
        )
    ),
)
_CLEAR = (
    update(grants_table).where(grants_table.c.guild_id == _GUILD).values(reason=""),
    update(ledger_entries_table)
    .where(ledger_entries_table.c.guild_id == _GUILD, ledger_entries_table.c.reason.is_not(None))
    .values(reason=None),
    update(guilds_table)
    .where(guilds_table.c.guild_id == _GUILD)
    .values(
        time_zone=Rules().time_zone,
        price_max=None,
        approval_above=None,
        approval_channel_id=None,
        blocked_reason=case((guilds_table.c.blocked_reason.is_(None), None), else_=""),
    ),
)
_AUDIT = select(audit_log_table.c.id, audit_log_table.c.action, audit_log_table.c.data).where(
    audit_log_table.c.guild_id == _GUILD
)
_SET_AUDIT = update(audit_log_table).where(audit_log_table.c.id == bindparam("entry")).values(data=bindparam("erased"))


def forget(conn: Connection, guild_id: int, now: float) -> None:
    """Erase what a guild's moderators set, and have the data of everybody in it erased by the worker."""
    key = {"guild": guild_id}
    people = {int(person) for query in _PEOPLE for person in conn.execute(query, key).scalars()}
    for entry in conn.execute(_AUDIT, key).all():
        erased = without_words(entry.action, entry.data)
        if erased != entry.data:
            conn.execute(_SET_AUDIT, {"entry": entry.id, "erased": erased})
    for statement in (*_FORGET, *_CLEAR):
        conn.execute(statement, key)
    reel_erasing.forget_guild(conn, guild_id)
    for person in sorted(people):
        erasures.request(conn, person, [guild_id], delete_messages=False, now=now)
