"""What all guilds together use of an account is found without reading every counter"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_usage_over_guilds", "usage", ["tally", "subject_id", "period", "period_key"])


def downgrade() -> None:
    op.drop_index("ix_usage_over_guilds", "usage")
