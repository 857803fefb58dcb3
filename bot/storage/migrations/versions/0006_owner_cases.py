"""Why a job waits for an owner, and the renders that could be its own; a job's lease ends at due_at, as everywhere"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owner_cases",
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, comment="for the owner, in plain words"),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column(
            "candidates", sa.JSON(), nullable=False, comment="bot.domain.cases.Candidate.to_json(), a list of them"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_owner_cases_job_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_owner_cases")),
        comment="jobs that wait for an owner's decision",
    )
    # Jobs that were being sent had their due time set to the lease's end already.
    op.execute("ALTER TABLE jobs DROP COLUMN lease_until")


def downgrade() -> None:
    op.execute("ALTER TABLE jobs ADD COLUMN lease_until DOUBLE PRECISION")
    op.drop_table("owner_cases")
