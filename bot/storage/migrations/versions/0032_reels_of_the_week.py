"""Reels of the week: which guild has had the one of which week"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "weekly_reels",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.String(length=10), nullable=False, comment="the ISO week of its moment"),
        sa.Column("channel_id", sa.BigInteger(), nullable=False, comment="the showcase, where its film goes"),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("reel_id", ROW_ID, nullable=True, comment="NULL: too few clips were liked"),
        sa.Column("render_id", ROW_ID, nullable=True, comment="NULL: its film was not asked for yet"),
        sa.Column("due_at", sa.Double(), nullable=True, comment="when to ask for its film; NULL: that is over"),
        sa.PrimaryKeyConstraint("guild_id", "week", name=op.f("pk_weekly_reels")),
        comment="reels of the week: at most one a guild and week",
    )
    op.create_index(op.f("ix_weekly_reels_due_at"), "weekly_reels", ["due_at"])


def downgrade() -> None:
    op.drop_table("weekly_reels")
