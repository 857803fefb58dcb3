"""Failed downloads are counted apart from Discord's failures, and guilds' upload limits are remembered"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("failed_downloads", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "upload_limits",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stated_bytes", sa.BigInteger(), nullable=True, comment="what the guild's latest interaction named"),
        sa.Column(
            "refused_bytes",
            sa.BigInteger(),
            nullable=True,
            comment="the smallest file that was refused, for a day after refused_at",
        ),
        sa.Column("refused_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_upload_limits")),
    )


def downgrade() -> None:
    op.drop_table("upload_limits")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("failed_downloads")
