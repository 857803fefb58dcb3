"""The owner's account, which every guild without a key of its own uses"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWNER_ACCOUNT = 1
HOURLY_POSTS = 24


def upgrade() -> None:
    accounts = sa.table("accounts", sa.column("id"), sa.column("hourly_posts"), sa.column("clock"))
    op.bulk_insert(accounts, [{"id": OWNER_ACCOUNT, "hourly_posts": HOURLY_POSTS, "clock": 0.0}])
    if op.get_bind().dialect.name == "postgresql":
        # The row was given its number; the counter must not give it again.
        op.execute("SELECT setval(pg_get_serial_sequence('accounts', 'id'), 1)")


def downgrade() -> None:
    op.execute("DELETE FROM accounts WHERE id = 1")
