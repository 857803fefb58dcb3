"""Word lists, models for age-restricted channels, blocked members, and what moderators are told of"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "age_restricted_models",
        sa.Column("model_slug", sa.String(length=200), nullable=False),
        sa.Column("marked_at", sa.Double(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("model_slug", name=op.f("pk_age_restricted_models")),
        comment="models that the owner keeps to age-restricted channels",
    )
    op.create_table(
        "member_blocks",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Enum("block", "pause", name="blockkind", native_enum=False, length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=True, comment="NULL: when somebody lifts it"),
        sa.Column("actor_id", sa.BigInteger(), nullable=True, comment="NULL: the bot itself"),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.CheckConstraint("kind IN ('block', 'pause')", name=op.f("ck_member_blocks_kind")),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name=op.f("pk_member_blocks")),
    )
    op.create_table(
        "word_lists",
        sa.Column(
            "guild_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="0: the owner's, for all guilds"
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="counts the changes, so that a process knows what it compiled",
        ),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_word_lists")),
    )
    op.create_table(
        "word_list_entries",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(length=300), nullable=False, comment="as it was typed: bot.domain.word_list"),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["word_lists.guild_id"], name=op.f("fk_word_list_entries_guild_id")),
        sa.PrimaryKeyConstraint("guild_id", "entry", name=op.f("pk_word_list_entries")),
    )
    op.create_table(
        "content_refusals",
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("refused_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_content_refusals_job_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_content_refusals")),
        comment="jobs that the provider refused for their content",
    )
    op.create_index(
        op.f("ix_content_refusals_guild_id_member_id_refused_at"),
        "content_refusals",
        ["guild_id", "member_id", "refused_at"],
    )

    op.create_table(
        "incidents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False, comment="what it is about: one incident for each"),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", sa.Enum("guard", "refusals", "report", name="incidentkind", native_enum=False), nullable=False
        ),
        sa.Column("member_id", sa.BigInteger(), nullable=False, comment="whom it is about"),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.String(length=16), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False, comment="its keys belong to the kind"),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("deleted", "blocked", "lifted", "dismissed", name="incidentdecision", native_enum=False),
            nullable=True,
            comment="NULL: open",
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.Column(
            "card_channel_id",
            sa.BigInteger(),
            nullable=True,
            comment="the log channel in which the card was begun to be posted",
        ),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True, comment="the card; NULL: not known to be posted"),
        sa.Column(
            "card_due_at",
            sa.Double(),
            nullable=True,
            comment="when to post or edit the card; NULL: it is as it should be",
        ),
        sa.CheckConstraint(
            "decision IN ('deleted', 'blocked', 'lifted', 'dismissed')", name=op.f("ck_incidents_decision")
        ),
        sa.CheckConstraint("kind IN ('guard', 'refusals', 'report')", name=op.f("ck_incidents_kind")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_incidents_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("key", name=op.f("uq_incidents_key")),
        comment="what moderators are told of, on one card each",
    )
    op.create_index(op.f("ix_incidents_card_due_at"), "incidents", ["card_due_at"])
    op.create_index(op.f("ix_incidents_guild_id_id"), "incidents", ["guild_id", "id"])
    op.create_index(op.f("ix_incidents_job_id"), "incidents", ["job_id"])

    op.create_table(
        "reports",
        sa.Column(
            "incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reporter_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column(
            "answer_due_at",
            sa.Double(),
            nullable=True,
            comment="when to tell the reporter how it ended; NULL: not to be told, or told",
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_reports_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "reporter_id", name=op.f("pk_reports")),
        comment="who reported is shown to nobody",
    )
    op.create_index(op.f("ix_reports_answer_due_at"), "reports", ["answer_due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reports_answer_due_at"), "reports")

    op.drop_table("reports")
    op.drop_index(op.f("ix_incidents_job_id"), "incidents")
    op.drop_index(op.f("ix_incidents_guild_id_id"), "incidents")
    op.drop_index(op.f("ix_incidents_card_due_at"), "incidents")

    op.drop_table("incidents")
    op.drop_index(op.f("ix_content_refusals_guild_id_member_id_refused_at"), "content_refusals")

    op.drop_table("content_refusals")
    op.drop_table("word_list_entries")
    op.drop_table("word_lists")
    op.drop_table("member_blocks")
    op.drop_table("age_restricted_models")
