"""What a guild spent in a period is found without reading its whole ledger"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ledger_entries_guild_id_day_key", "ledger_entries", ["guild_id", "day_key"])


def downgrade() -> None:
    op.drop_index("ix_ledger_entries_guild_id_day_key", "ledger_entries")
