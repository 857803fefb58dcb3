"""What moderators choose for their guild on the panel of `/settings`"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "name",
            sa.String(length=40),
            nullable=False,
            comment="a GuildSetting; a newer version may have written others",
        ),
        sa.Column(
            "value", sa.JSON(), nullable=False, comment="its type belongs to the setting; JSON null is a value, too"
        ),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False, comment="the moderator who chose it"),
        sa.PrimaryKeyConstraint("guild_id", "name", name=op.f("pk_guild_settings")),
        comment="one row a setting; what has no row has its default",
    )


def downgrade() -> None:
    op.drop_table("guild_settings")
