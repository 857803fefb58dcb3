"""Jobs, their remote renders, every move they made, and the closing messages still owed."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from bot.domain.jobs import JobState
from bot.domain.postings import PostedKind
from bot.domain.renders import RenderState
from bot.domain.switches import Switch
from bot.storage.tables.base import Credits, Flag, Instant, PersonId, RowId, Snowflake, metadata, one_of

_STATES = ", ".join(f"'{state.value}'" for state in JobState)

jobs_table = Table(
    "jobs",
    metadata,
    Column("id", String(16), primary_key=True),
    Column(
        "interaction_id",
        Snowflake,
        nullable=False,
        unique=True,
        comment="the request's key: a second delivery changes nothing",
    ),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("guild_id", Snowflake, nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("member_id", PersonId, nullable=False),
    Column("model_slug", String(200), nullable=False),
    Column("model_name", String(200), nullable=False, comment="for people, also after the model left the catalogue"),
    Column("request", JSON, nullable=False, comment="GenerationRequest.to_json()"),
    Column("payload", JSON, nullable=False, comment="the body of the generate POST"),
    Column("state", one_of(JobState, 12), nullable=False),
    Column("held", Credits, nullable=False, comment="credits held at admission"),
    Column("price_certain", Flag, nullable=False, comment="0: the hold is the highest price known for the model"),
    Column("charged", Credits, comment="what the provider charged in the end"),
    Column("reason", Text, comment="why it ended without a video, for the member"),
    Column("created_at", Instant, nullable=False),
    Column("attempt_at", Instant, comment="when the last POST was begun"),
    Column("running_at", Instant),
    Column("ended_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Instant, comment="when to look at it next: a poll, a look-up, an expiry"),
    Column("lease_owner", String(40)),
    Column("status_message_id", Snowflake, comment="the public card"),
    Column("card_reserved_until", Instant, comment="until then only the answer to the interaction posts the card"),
    Column("card_due_at", Instant, comment="since when the card is to be brought up to date; NULL: it is"),
    Column("shown_at", Instant, comment="when the card was last posted or edited"),
    Column("erased_at", Instant, comment="when its words and links were taken out"),
    Column("comparison_id", String(16), index=True, comment="the comparison that it is a part of; NULL: of none"),
    Column("parent_id", String(16), comment="the job whose clip it continues; its row may be gone"),
    Column("parent_position", Integer, comment="which of the parent's results it continues, counted from 0"),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint("held >= 0", name="held_not_negative"),
    CheckConstraint("charged >= 0", name="charged_not_negative"),
    Index("ix_jobs_queue", "account_id", "state", "guild_id", "member_id", "created_at"),
    Index("ix_jobs_due", "state", "due_at"),
    Index("ix_jobs_member", "guild_id", "member_id", "created_at"),
    Index("ix_jobs_started", "account_id", "running_at"),
    Index(None, "card_due_at"),
    Index("ix_jobs_ended", "erased_at", "ended_at"),
    Index(
        "ix_jobs_children",
        "parent_id",
        sqlite_where=text("parent_id IS NOT NULL"),
        postgresql_where=text("parent_id IS NOT NULL"),
    ),
    Index(
        "ix_jobs_open",
        "guild_id",
        "created_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

renders_table = Table(
    "renders",
    metadata,
    Column("remote_id", String(100), primary_key=True, comment="the provider's job id, owned by one job of ours"),
    Column("job_id", String(16), ForeignKey("jobs.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("state", one_of(RenderState, 12), nullable=False),
    Column("result_urls", JSON, nullable=False),
    Column("credits_charged", Credits),
    Column("credits_refunded", Flag, comment="1, 0, or NULL: the provider did not say"),
    Column("error_message", Text),
    Column("last_frame_url", Text, comment="where the provider has the last frame, if it was asked for"),
)

job_events_table = Table(
    "job_events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("job_id", String(16), ForeignKey("jobs.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("state", one_of(JobState, 12), nullable=False, comment="the state moved to"),
    Column("detail", Text, nullable=False),
    Column("actor_id", PersonId, comment="NULL: the engine itself"),
)

job_files_table = Table(
    "job_files",
    metadata,
    Column("job_id", String(16), ForeignKey("jobs.id"), primary_key=True),
    Column("filename", String(100), primary_key=True, comment="its name in the request, and on the job's card"),
    Column("content", LargeBinary, nullable=False),
    comment="files that the bot itself gives to a request; they travel on its card, and go when the job ends",
)

owner_cases_table = Table(
    "owner_cases",
    metadata,
    Column("job_id", String(16), ForeignKey("jobs.id"), primary_key=True),
    Column("why", Text, nullable=False, comment="for the owner, in plain words"),
    Column("since", Instant, nullable=False),
    Column("candidates", JSON, nullable=False, comment="bot.domain.cases.Candidate.to_json(), a list of them"),
    comment="jobs that wait for an owner's decision",
)

outbox_table = Table(
    "outbox",
    metadata,
    Column("job_id", String(16), ForeignKey("jobs.id"), primary_key=True, comment="one closing message a job"),
    Column("channel_id", Snowflake, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0, comment="> 0: a message may have been posted already"),
    Column("copy", Integer, nullable=False, default=1, comment="counts how often a member had it posted"),
    Column("failed_downloads", Integer, nullable=False, default=0, server_default="0"),
    Column("lease_owner", String(40)),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("outcome", String(20), comment="card | channel | dm | undeliverable (reply: before version 0.2)"),
    Column("message_channel_id", Snowflake),
    Column("message_id", Snowflake),
    Column("problem", Text, comment="the last failure, for the owner"),
    Column("deleted_at", Instant),
    Column("deleted_by", PersonId, comment="who pressed Delete"),
    Column(
        "comparison_id",
        String(16),
        index=True,
        comment="the comparison whose one message tells it; NULL: it has a message of its own",
    ),
    Index("ix_outbox_due", "done_at", "due_at"),
    Index("ix_outbox_channel", "channel_id", "done_at", "created_at"),
)

posted_messages_table = Table(
    "posted_messages",
    metadata,
    Column("job_id", String(16), ForeignKey("jobs.id"), primary_key=True),
    Column("message_id", Snowflake, primary_key=True, autoincrement=False),
    Column("channel_id", Snowflake, nullable=False, comment="the thread, where it is a post in a forum"),
    Column("kind", one_of(PostedKind, 8), nullable=False),
    Column("delete_due_at", Instant, comment="when to delete it; NULL: it stays"),
    CheckConstraint("kind IN ('closing', 'card')", name="kind"),
    Index(None, "delete_due_at"),
    comment="what stands on Discord about a job that has ended",
)

queue_switches_table = Table(
    "queue_switches",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False, comment="0: the whole bot"),
    Column(
        "name",
        one_of(Switch, 8),
        primary_key=True,
        comment="paused: nothing is sent | draining: nothing is accepted",
    ),
    Column("actor_id", PersonId, nullable=False),
    Column("set_at", Instant, nullable=False),
    CheckConstraint("name IN ('paused', 'draining')", name="name"),
    comment="a row means that the switch is on",
)
