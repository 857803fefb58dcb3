"""Notices to owners are data, not words: a kind and what its words need"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was raised in words is dropped: whatever still holds is found out, and raised, again.
    op.execute("DELETE FROM owner_notices")
    with op.batch_alter_table("owner_notices") as batch:
        batch.drop_column("text")
        batch.add_column(sa.Column("kind", sa.String(length=40), nullable=False))
        batch.add_column(
            sa.Column("data", sa.JSON(), nullable=False, comment="what the words need; its keys belong to the kind")
        )


def downgrade() -> None:
    op.execute("DELETE FROM owner_notices")
    with op.batch_alter_table("owner_notices") as batch:
        batch.drop_column("data")
        batch.drop_column("kind")
        batch.add_column(sa.Column("text", sa.Text(), nullable=False))
