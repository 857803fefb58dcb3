"""the languages of members' Discords, for direct messages to them"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_locales",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "locale",
            sa.String(length=20),
            nullable=False,
            comment="the language of their Discord when they last used the bot",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_locales")),
        comment="so that direct messages are in their reader's language: only an interaction tells it",
    )


def downgrade() -> None:
    op.drop_table("member_locales")
