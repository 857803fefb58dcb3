"""Comparisons of models, their clips and the votes"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column(
            "interaction_id",
            sa.BigInteger(),
            nullable=False,
            comment="the request's key: a second delivery changes nothing",
        ),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("status_message_id", sa.BigInteger(), nullable=True, comment="the public card"),
        sa.Column(
            "card_reserved_until",
            sa.Double(),
            nullable=True,
            comment="until then only the answer to the interaction posts the card",
        ),
        sa.Column(
            "card_due_at",
            sa.Double(),
            nullable=True,
            comment="since when the card is to be brought up to date; NULL: it is",
        ),
        sa.Column("shown_at", sa.Double(), nullable=True, comment="when the card was last posted or edited"),
        sa.Column(
            "closed_at",
            sa.Double(),
            nullable=True,
            comment="when it was decided what the message shows; NULL: it waits for clips",
        ),
        sa.Column(
            "lead_job_id",
            sa.String(length=16),
            nullable=True,
            comment="the job in whose row of the outbox the message is owed",
        ),
        sa.Column(
            "voting_ends_at",
            sa.Double(),
            nullable=True,
            comment="when votes are counted; NULL: there is nothing to vote on",
        ),
        sa.Column(
            "ended_at",
            sa.Double(),
            nullable=True,
            comment="when votes were counted, or it was clear that there are none to count",
        ),
        sa.Column(
            "reveal_due_at",
            sa.Double(),
            nullable=True,
            comment="when the message is edited to show names and votes; NULL: not to do",
        ),
        sa.Column("reveal_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_comparisons_interaction_id")),
    )
    op.create_index(op.f("ix_comparisons_card_due_at"), "comparisons", ["card_due_at"])
    op.create_index("ix_comparisons_guild", "comparisons", ["guild_id", "ended_at"])
    op.create_index("ix_comparisons_open", "comparisons", ["ended_at", "closed_at"])
    op.create_index(op.f("ix_comparisons_reveal_due_at"), "comparisons", ["reveal_due_at"])

    op.create_table(
        "comparison_votes",
        sa.Column("comparison_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.String(length=16), nullable=False, comment="the clip that the member chose"),
        sa.Column("voted_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparisons.id"], name=op.f("fk_comparison_votes_comparison_id")),
        sa.PrimaryKeyConstraint("comparison_id", "member_id", name=op.f("pk_comparison_votes")),
        comment="who chose what; dropped when votes are counted",
    )
    op.create_index("ix_comparison_votes_member", "comparison_votes", ["member_id"])

    op.create_table(
        "comparison_clips",
        sa.Column("comparison_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="drawn by lot at admission"),
        sa.Column("job_id", sa.String(length=16), nullable=True, comment="NULL: the job is forgotten"),
        sa.Column("model_slug", sa.String(length=200), nullable=False),
        sa.Column("label", sa.Integer(), nullable=True, comment="0 is A; NULL: not shown in the message"),
        sa.Column("in_message", sa.Integer(), nullable=False, comment="1: the comparison's message tells how it ended"),
        sa.Column("votes", sa.Integer(), nullable=True, comment="NULL: not counted"),
        sa.Column("won", sa.Integer(), nullable=True, comment="1: more votes than every other; NULL: not counted"),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparisons.id"], name=op.f("fk_comparison_clips_comparison_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_comparison_clips_job_id")),
        sa.PrimaryKeyConstraint("comparison_id", "position", name=op.f("pk_comparison_clips")),
        sa.UniqueConstraint("job_id", name=op.f("uq_comparison_clips_job_id")),
    )
    op.add_column(
        "jobs",
        sa.Column(
            "comparison_id",
            sa.String(length=16),
            nullable=True,
            comment="the comparison that it is a part of; NULL: of none",
        ),
    )
    op.create_index(op.f("ix_jobs_comparison_id"), "jobs", ["comparison_id"])

    op.add_column(
        "outbox",
        sa.Column(
            "comparison_id",
            sa.String(length=16),
            nullable=True,
            comment="the comparison whose one message tells it; NULL: it has a message of its own",
        ),
    )
    op.create_index(op.f("ix_outbox_comparison_id"), "outbox", ["comparison_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_comparison_id"), "outbox")
    op.drop_column("outbox", "comparison_id")
    op.drop_index(op.f("ix_jobs_comparison_id"), "jobs")
    op.drop_column("jobs", "comparison_id")
    op.drop_table("comparison_clips")
    op.drop_table("comparison_votes")
    op.drop_table("comparisons")
