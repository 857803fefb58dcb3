"""The answer to an interaction is the job's card"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OLD = "reply | channel | dm | undeliverable"
NEW = "card | channel | dm | undeliverable (reply: before version 0.2)"


def upgrade() -> None:
    op.add_column(
        "jobs",
        sa.Column(
            "card_reserved_until",
            sa.Double(),
            nullable=True,
            comment="until then only the answer to the interaction posts the card",
        ),
    )
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("outcome", existing_type=sa.String(length=20), comment=NEW, existing_comment=OLD)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("outcome", existing_type=sa.String(length=20), comment=OLD, existing_comment=NEW)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_column("card_reserved_until")
