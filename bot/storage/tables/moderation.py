"""What moderators and the owner forbid, whom they block, and what they are told of."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.domain.moderation import BlockKind, IncidentDecision, IncidentKind
from bot.storage.tables.base import Instant, PersonId, RowId, Snowflake, metadata, one_of

word_lists_table = Table(
    "word_lists",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False, comment="0: the owner's, for all guilds"),
    Column("revision", Integer, nullable=False, comment="counts the changes, so that a process knows what it compiled"),
)

word_list_entries_table = Table(
    "word_list_entries",
    metadata,
    Column("guild_id", Snowflake, ForeignKey("word_lists.guild_id"), primary_key=True),
    Column("entry", String(300), primary_key=True, comment="as it was typed: bot.domain.word_list"),
    Column("added_at", Instant, nullable=False),
    Column("actor_id", PersonId, nullable=False),
)

age_restricted_models_table = Table(
    "age_restricted_models",
    metadata,
    Column("model_slug", String(200), primary_key=True),
    Column("marked_at", Instant, nullable=False),
    Column("actor_id", PersonId, nullable=False),
    comment="models that the owner keeps to age-restricted channels",
)

member_blocks_table = Table(
    "member_blocks",
    metadata,
    Column("guild_id", Snowflake, primary_key=True),
    Column("member_id", PersonId, primary_key=True),
    Column("kind", one_of(BlockKind, 8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ends_at", Instant, comment="NULL: when somebody lifts it"),
    Column("actor_id", PersonId, comment="NULL: the bot itself"),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("kind IN ('block', 'pause')", name="kind"),
)

content_refusals_table = Table(
    "content_refusals",
    metadata,
    Column("job_id", String(16), ForeignKey("jobs.id"), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("member_id", PersonId, nullable=False),
    Column("refused_at", Instant, nullable=False),
    Index(None, "guild_id", "member_id", "refused_at"),
    comment="jobs that the provider refused for their content",
)

incidents_table = Table(
    "incidents",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", String(60), nullable=False, unique=True, comment="what it is about: one incident for each"),
    Column("guild_id", Snowflake, nullable=False),
    Column("kind", one_of(IncidentKind, 8), nullable=False),
    Column("member_id", PersonId, nullable=False, comment="whom it is about"),
    Column("channel_id", Snowflake, nullable=False),
    Column("job_id", String(16), ForeignKey("jobs.id"), index=True),
    Column("data", JSON, nullable=False, comment="its keys belong to the kind"),
    Column("created_at", Instant, nullable=False),
    Column("decision", one_of(IncidentDecision, 9), comment="NULL: open"),
    Column("actor_id", PersonId),
    Column("decided_at", Instant),
    Column("card_channel_id", Snowflake, comment="the log channel in which the card was begun to be posted"),
    Column("card_message_id", Snowflake, comment="the card; NULL: not known to be posted"),
    Column("card_due_at", Instant, comment="when to post or edit the card; NULL: it is as it should be"),
    CheckConstraint("kind IN ('guard', 'refusals', 'report')", name="kind"),
    CheckConstraint("decision IN ('deleted', 'blocked', 'lifted', 'dismissed')", name="decision"),
    Index(None, "card_due_at"),
    Index(None, "guild_id", "id"),
    comment="what moderators are told of, on one card each",
)

reports_table = Table(
    "reports",
    metadata,
    Column("incident_id", RowId, ForeignKey("incidents.id"), primary_key=True, autoincrement=False),
    Column("reporter_id", PersonId, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("answer_due_at", Instant, comment="when to tell the reporter how it ended; NULL: not to be told, or told"),
    Index(None, "answer_due_at"),
    comment="who reported is shown to nobody",
)
