"""A job knows the clip that it continues, and the bot's own files wait for its card"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CHILDREN = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.String(16), nullable=False),
        sa.Column("filename", sa.String(100), nullable=False, comment="its name in the request, and on the job's card"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_files_job_id")),
        sa.PrimaryKeyConstraint("job_id", "filename", name=op.f("pk_job_files")),
        comment="files that the bot itself gives to a request; they travel on its card, and go when the job ends",
    )
    op.add_column(
        "jobs",
        sa.Column("parent_id", sa.String(16), comment="the job whose clip it continues; its row may be gone"),
    )
    op.add_column(
        "jobs",
        sa.Column(
            "parent_position", sa.Integer(), comment="which of the parent's results it continues, counted from 0"
        ),
    )
    op.create_index("ix_jobs_children", "jobs", ["parent_id"], sqlite_where=CHILDREN, postgresql_where=CHILDREN)


def downgrade() -> None:
    op.drop_index("ix_jobs_children", "jobs")
    op.drop_column("jobs", "parent_position")
    op.drop_column("jobs", "parent_id")
    op.drop_table("job_files")
