"""Lines that wait to be written into guilds' log channels"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_entries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False, comment="what the words need; its keys belong to the kind"),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column(
            "batch",
            ROW_ID,
            nullable=True,
            comment="the first line of the message that it goes with; NULL: not fixed yet",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
        comment="lines that wait to be written into a guild's log channel",
    )
    op.create_index(op.f("ix_log_entries_guild_id_id"), "log_entries", ["guild_id", "id"])
    op.create_index(op.f("ix_log_entries_due_at"), "log_entries", ["due_at"])


def downgrade() -> None:
    op.drop_table("log_entries")
