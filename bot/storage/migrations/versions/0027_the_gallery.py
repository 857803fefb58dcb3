"""The gallery: posted results and their likes, the showcase, and who keeps out"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KIND = sa.Enum("video", "reel", name="gallerykind", native_enum=False, length=8)
STATE = sa.Enum("waiting", "shown", "leaving", "gone", name="showcasestate", native_enum=False, length=8)
INDEXES = {
    "ix_gallery_entries_newest": ["guild_id", "posted_at"],
    "ix_gallery_entries_best": ["guild_id", "likes", "posted_at"],
    "ix_gallery_entries_model": ["guild_id", "model_slug", "posted_at"],
    "ix_gallery_entries_member": ["guild_id", "member_id", "posted_at"],
    "ix_gallery_entries_message_id": ["message_id"],
    "ix_gallery_entries_due_at": ["due_at"],
}
# What was posted before is listed, too. Its likes are counted by and by, those of the latest first.
WHAT_STANDS = """
INSERT INTO gallery_entries (
    kind, source_id, guild_id, channel_id, message_id, member_id, model_slug, posted_at, likes, due_at
)
SELECT 'video', jobs.id, jobs.guild_id, outbox.message_channel_id, outbox.message_id, jobs.member_id,
    jobs.model_slug, outbox.done_at, 0, outbox.done_at
FROM outbox JOIN jobs ON jobs.id = outbox.job_id
WHERE jobs.state = 'succeeded' AND jobs.erased_at IS NULL AND outbox.outcome IN ('channel', 'reply')
    AND outbox.message_id IS NOT NULL AND outbox.deleted_at IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "gallery_entries",
        sa.Column("kind", KIND, nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False, comment="the id of the job, or of the rendering"),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "place_id",
            sa.BigInteger(),
            nullable=True,
            comment="whose permissions hold: a thread's channel; NULL: not looked at yet",
        ),
        sa.Column("member_id", sa.BigInteger(), nullable=False, comment="who made it"),
        sa.Column("model_slug", sa.String(length=200), nullable=True, comment="NULL: a reel"),
        sa.Column("posted_at", sa.Double(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False, comment="people who reacted; nobody keeps who"),
        sa.Column("counted_at", sa.Double(), nullable=True),
        sa.Column(
            "due_at",
            sa.Double(),
            nullable=True,
            comment="when to look at it next; NULL: when somebody reacts, or looks",
        ),
        sa.CheckConstraint("likes >= 0", name=op.f("ck_gallery_entries_likes_not_negative")),
        sa.PrimaryKeyConstraint("kind", "source_id", name=op.f("pk_gallery_entries")),
        comment="posted results whose message stands, as far as is known",
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "gallery_entries", columns)
    op.execute(WHAT_STANDS)
    op.create_table(
        "showcase_posts",
        sa.Column("kind", KIND, nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column(
            "channel_id",
            sa.BigInteger(),
            nullable=True,
            comment="the showcase; written before anything is posted there",
        ),
        sa.Column("source_message_id", sa.BigInteger(), nullable=True, comment="what is forwarded, likewise"),
        sa.Column("message_id", sa.BigInteger(), nullable=True, comment="the forward"),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True, comment="NULL: nothing is to be done"),
        sa.PrimaryKeyConstraint("kind", "source_id", name=op.f("pk_showcase_posts")),
        comment="results that reached the showcase: each comes there once, also if it was withdrawn",
    )
    op.create_index(op.f("ix_showcase_posts_guild_id"), "showcase_posts", ["guild_id"])
    op.create_index(op.f("ix_showcase_posts_due_at"), "showcase_posts", ["due_at"])
    op.create_table(
        "gallery_opt_outs",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opted_out_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name=op.f("pk_gallery_opt_outs")),
        comment="members whose clips are kept out of the gallery, the showcase and the reel of the week",
    )


def downgrade() -> None:
    for name in ("gallery_opt_outs", "showcase_posts", "gallery_entries"):
        op.drop_table(name)
