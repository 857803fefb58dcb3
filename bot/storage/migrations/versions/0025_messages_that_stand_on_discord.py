"""Every message that stands on Discord about a job, so that all copies of a video can be deleted"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted_messages",
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False, comment="the thread, where it is a post in a forum"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("delete_due_at", sa.Double(), nullable=True, comment="when to delete it; NULL: it stays"),
        sa.CheckConstraint("kind IN ('closing', 'card')", name=op.f("ck_posted_messages_kind")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_posted_messages_job_id")),
        sa.PrimaryKeyConstraint("job_id", "message_id", name=op.f("pk_posted_messages")),
        comment="what stands on Discord about a job that has ended",
    )
    op.create_index(op.f("ix_posted_messages_delete_due_at"), "posted_messages", ["delete_due_at"])
    op.execute(
        "INSERT INTO posted_messages (job_id, message_id, channel_id, kind) "
        "SELECT job_id, message_id, message_channel_id, 'closing' FROM outbox "
        "WHERE message_id IS NOT NULL AND message_channel_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("posted_messages")
