"""Guilds that the bot has left: their data waits for a return, and is erased then"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_at", sa.Double(), nullable=False, comment="when the bot was seen to be gone"),
        sa.Column(
            "forgotten_at",
            sa.Double(),
            nullable=True,
            comment="when the guild's data was given to be erased; NULL: it may come back",
        ),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_departures")),
        comment="guilds that the bot is not in any more",
    )


def downgrade() -> None:
    op.drop_table("departures")
