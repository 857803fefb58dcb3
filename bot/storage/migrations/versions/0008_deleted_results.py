"""Who deleted a result, so that a moderator's deletion is final"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("deleted_at", sa.Double(), nullable=True))
    op.add_column("outbox", sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="who pressed Delete"))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("deleted_by")
        batch.drop_column("deleted_at")
