"""Credits: what each guild may spend, the ledger of what was spent, and the counters that make deciding quick.

The ledger is the truth and only ever grows. `usage` and the two counters of `grants` follow it in the same transaction;
`bot.storage.ledger` can prove that they agree and rebuild them.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.domain.approvals import Decision
from bot.domain.audit import AuditAction
from bot.domain.ledger import Kind, Phase
from bot.domain.periods import Period
from bot.domain.quota import BudgetScope, Scope
from bot.storage.tables.base import Credits, Instant, PersonId, RowId, Snowflake, metadata, one_of


def _only(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value.value) for value in values)})", name=column)


guilds_table = Table(
    "guilds",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("time_zone", String(64), nullable=False, comment="IANA name: where the guild's days begin"),
    Column("blocked_reason", Text, comment="the owner's; NULL: not blocked"),
    Column("member_jobs_max", Integer, comment="jobs of one member at once; NULL: any number, here and below"),
    Column("guild_jobs_max", Integer),
    Column("price_max", Credits, comment="highest price of one request"),
    Column("confirm_above", Credits, comment="members confirm higher prices; NULL: those above half of what is left"),
    Column("approval_above", Credits, comment="dearer requests wait for a moderator"),
    Column("approval_channel_id", Snowflake, comment="where moderators are asked"),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("member_jobs_max >= 0 AND guild_jobs_max >= 0", name="jobs_max_not_negative"),
    CheckConstraint("price_max >= 0 AND confirm_above >= 0 AND approval_above >= 0", name="prices_not_negative"),
    CheckConstraint("approval_above IS NULL OR approval_channel_id IS NOT NULL", name="approvals_have_a_channel"),
    comment="its row is the lock under which a guild's credits move",
)

limits_table = Table(
    "limits",
    metadata,
    Column("guild_id", Snowflake, ForeignKey("guilds.guild_id"), primary_key=True),
    Column("scope", one_of(Scope, 8), primary_key=True),
    Column("subject_id", Snowflake, primary_key=True, comment="the role or member; 0 where the scope has one subject"),
    Column("period", one_of(Period, 5), primary_key=True),
    Column("amount", Credits, comment="NULL: unlimited, said expressly"),
    _only("scope", (scope for scope in Scope if scope is not Scope.ACCOUNT)),
    _only("period", Period),
    CheckConstraint("amount >= 0", name="amount_not_negative"),
)

grants_table = Table(
    "grants",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, ForeignKey("guilds.guild_id"), nullable=False),
    Column("scope", one_of(BudgetScope, 8), nullable=False),
    Column("subject_id", Snowflake, nullable=False, comment="the member; 0 for the guild"),
    Column("amount", Credits, nullable=False),
    Column("held", Credits, nullable=False, default=0),
    Column("spent", Credits, nullable=False, default=0),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ends_at", Instant, comment="NULL: no end"),
    CheckConstraint("scope IN ('guild', 'member')", name="scope"),
    CheckConstraint("amount > 0 AND held >= 0 AND spent >= 0 AND held + spent <= amount", name="not_overdrawn"),
    Index(None, "guild_id", "scope", "subject_id"),
)

ledger_entries_table = Table(
    "ledger_entries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), comment="whose credits; NULL: none were moved (a grant)"),
    Column("guild_id", Snowflake, ForeignKey("guilds.guild_id"), nullable=False),
    Column("member_id", PersonId, comment="whose job; NULL: a grant to the guild"),
    Column("job_id", String(16)),
    Column("model_slug", String(200)),
    Column("kind", one_of(Kind, 10), nullable=False),
    Column("phase", one_of(Phase, 4)),
    Column("held_delta", Credits, nullable=False),
    Column("spent_delta", Credits, nullable=False, comment="against the guild's and the member's limits and grants"),
    Column("charged_delta", Credits, nullable=False, comment="what the provider took; a moderator's refund leaves it"),
    Column("granted_delta", Credits, nullable=False, comment="room added by a grant"),
    Column("overrun", Credits, nullable=False, comment="the part of a capture above its hold"),
    Column("grant_id", RowId, ForeignKey("grants.id"), comment="of a grant's own entry"),
    Column("actor_id", PersonId, comment="the moderator or owner; NULL: the engine"),
    Column("reason", Text),
    Column("day_key", String(10), nullable=False, comment="the period of the job's hold, for all of its entries"),
    Column("week_key", String(10), nullable=False),
    Column("month_key", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    _only("kind", Kind),
    _only("phase", Phase),
    CheckConstraint("overrun >= 0 AND granted_delta >= 0", name="signs"),
    Index("uq_ledger_entries_job_id_phase", "job_id", "phase", unique=True),  # each hold begins once and ends once
    Index(None, "guild_id", "id"),
    Index(None, "guild_id", "member_id", "id"),
    Index(None, "guild_id", "day_key"),
    comment="insert-only",
)

grant_entries_table = Table(
    "grant_entries",
    metadata,
    Column("entry_id", RowId, ForeignKey("ledger_entries.id"), primary_key=True, autoincrement=False),
    Column("grant_id", RowId, ForeignKey("grants.id"), primary_key=True, autoincrement=False),
    Column("held_delta", Credits, nullable=False),
    Column("spent_delta", Credits, nullable=False),
    Index(None, "grant_id"),
    comment="insert-only: the part of a ledger entry that a grant bore, beyond what the limits of its scope covered",
)

usage_table = Table(
    "usage",
    metadata,
    Column("guild_id", Snowflake, ForeignKey("guilds.guild_id"), primary_key=True),
    Column("tally", one_of(BudgetScope, 8), primary_key=True),
    Column("subject_id", Snowflake, primary_key=True, comment="the member or account; 0 for the guild"),
    Column("period", String(5), primary_key=True, comment="day | week | month | ever"),
    Column("period_key", String(10), primary_key=True),
    Column("held", Credits, nullable=False),
    Column("spent", Credits, nullable=False),
    Column("open_holds", Integer, nullable=False),
    _only("tally", BudgetScope),
    CheckConstraint("held >= 0 AND spent >= 0 AND open_holds >= 0", name="not_negative"),
    Index("ix_usage_over_guilds", "tally", "subject_id", "period", "period_key"),
)

approvals_table = Table(
    "approvals",
    metadata,
    Column("job_id", String(16), primary_key=True),
    Column("guild_id", Snowflake, ForeignKey("guilds.guild_id"), nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("message_id", Snowflake, comment="the card; NULL: not posted yet"),
    Column("asked_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("decision", one_of(Decision, 9), comment="approved | denied | expired | withdrawn; NULL: open"),
    Column("decided_at", Instant),
    Column("actor_id", PersonId),
    Column("card_closed_at", Instant, comment="when the card said how it was decided"),
    Index(None, "card_closed_at", "ends_at"),
    CheckConstraint("decision IN ('approved', 'denied', 'expired', 'withdrawn')", name="decision"),
)

audit_log_table = Table(
    "audit_log",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("actor_id", PersonId, nullable=False),
    Column("action", one_of(AuditAction, 40), nullable=False),
    Column("data", JSON, nullable=False, comment="what was changed, from what to what; its keys belong to the action"),
    Column("created_at", Instant, nullable=False),
    Index(None, "guild_id", "id"),
    comment="insert-only: every setting that a moderator or the owner changed",
)

INSERT_ONLY = (ledger_entries_table, grant_entries_table, audit_log_table)
"""Tables whose rows stay as they are; triggers see to it.

One change is allowed: a person becomes a pseudonym, and the words that people wrote go (`bot.storage.erasing`).
"""
