"""An account that cannot pay for every job still pays for those that cost no more than it has"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts",
        sa.Column(
            "affordable",
            sa.BigInteger(),
            nullable=True,
            comment="jobs of up to so many credits are sent although the account is blocked",
        ),
    )


def downgrade() -> None:
    op.drop_column("accounts", "affordable")
