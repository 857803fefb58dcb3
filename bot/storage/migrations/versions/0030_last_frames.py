"""The provider's own last frame of a render, where a member asked for it"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "renders",
        sa.Column("last_frame_url", sa.Text(), comment="where the provider has the last frame, if it was asked for"),
    )


def downgrade() -> None:
    op.drop_column("renders", "last_frame_url")
