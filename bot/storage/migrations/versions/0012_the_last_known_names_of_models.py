"""The last known names of models, also of those that left the catalogue"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_names",
        sa.Column("model_slug", sa.String(length=200), nullable=False),
        sa.Column(
            "name", sa.String(length=200), nullable=False, comment="for people; the last one that the catalogue had"
        ),
        sa.PrimaryKeyConstraint("model_slug", name=op.f("pk_model_names")),
    )
    # Each job has the name that its model had then. The latest one is taken.
    op.execute(
        "INSERT INTO model_names (model_slug, name) "
        "SELECT jobs.model_slug, MAX(jobs.model_name) FROM jobs JOIN "
        "(SELECT model_slug, MAX(created_at) AS latest FROM jobs GROUP BY model_slug) AS newest "
        "ON jobs.model_slug = newest.model_slug AND jobs.created_at = newest.latest GROUP BY jobs.model_slug"
    )


def downgrade() -> None:
    op.drop_table("model_names")
