"""Panels of reels that are to be drawn anew, because a video or a person went"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reels",
        sa.Column(
            "panel_due_at",
            sa.Double(),
            nullable=True,
            comment="when to draw its panel anew; NULL: it is as it should be",
        ),
    )
    op.create_index(op.f("ix_reels_panel_due_at"), "reels", ["panel_due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reels_panel_due_at"), "reels")
    op.drop_column("reels", "panel_due_at")
