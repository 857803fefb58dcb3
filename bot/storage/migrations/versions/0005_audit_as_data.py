"""The audit log holds data, not words: an action and what it changed"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COMMENT = "what was changed, from what to what; its keys belong to the action"


def upgrade() -> None:
    _allow_changes()
    with op.batch_alter_table("audit_log") as batch:
        batch.add_column(sa.Column("data", sa.JSON(), nullable=True, comment=COMMENT))
    conn = op.get_bind()
    for row in conn.execute(sa.text("SELECT id, action, detail FROM audit_log")).all():
        noted = {"id": row.id, "data": json.dumps({"words": f"{row.action}: {row.detail}"})}
        conn.execute(sa.text("UPDATE audit_log SET action = 'noted', data = :data WHERE id = :id"), noted)
    with op.batch_alter_table("audit_log") as batch:
        batch.alter_column("data", existing_type=sa.JSON(), nullable=False, existing_comment=COMMENT)
        batch.drop_column("detail")
    _forbid_changes()


def downgrade() -> None:
    _allow_changes()
    with op.batch_alter_table("audit_log") as batch:
        batch.add_column(sa.Column("detail", sa.Text(), nullable=True))
    op.execute("UPDATE audit_log SET detail = CAST(data AS TEXT)")
    with op.batch_alter_table("audit_log") as batch:
        batch.alter_column("detail", existing_type=sa.Text(), nullable=False)
        batch.drop_column("data")
    _forbid_changes()


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_log_insert_only ON audit_log")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_log_no_{verb}")


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_log_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON audit_log "
                "BEGIN SELECT RAISE(ABORT, 'audit_log is insert-only'); END"
            )
