"""What the moderators of a guild are to know"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guild_notices",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False, comment="what the words need; its keys belong to the kind"),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "kind", name=op.f("pk_guild_notices")),
        comment="stands on the moderators' panel until it is over",
    )


def downgrade() -> None:
    op.drop_table("guild_notices")
