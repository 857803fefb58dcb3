"""The ids that Discord gave to the commands"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "command_syncs",
        sa.Column(
            "ids",
            sa.JSON(),
            nullable=False,
            server_default="{}",
            comment="name of a top-level command → the id that Discord gave it",
        ),
    )
    # No content has this hash: the next start sends the commands again, and Discord's answer tells their ids.
    op.execute("UPDATE command_syncs SET content_hash = ''")


def downgrade() -> None:
    op.drop_column("command_syncs", "ids")
