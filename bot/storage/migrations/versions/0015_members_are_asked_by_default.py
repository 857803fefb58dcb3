"""Members confirm prices above half of what they have left, unless a guild sets it otherwise

NULL said that nobody is asked, and is now the default rule. A guild that had switched the question off keeps it off:
its threshold is the highest price that there can be. The audit log's entries get the same value where they said "off".
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEVER = 1_000_000_000
OLD_COMMENT = "dearer requests are confirmed by the member"
COMMENT = "members confirm higher prices; NULL: those above half of what is left"
_CHANGES = sa.text("SELECT id, guild_id, data FROM audit_log WHERE action = 'change_rule' ORDER BY id")


def upgrade() -> None:
    _comment(OLD_COMMENT, COMMENT)
    conn = op.get_bind()
    thresholds: dict[int, int] = {}
    _allow_changes()
    for row in conn.execute(_CHANGES).all():
        data: dict[str, Any] = json.loads(row.data) if isinstance(row.data, str) else row.data
        if data.get("rule") == "confirm_above":
            ends = {end: NEVER if data[end] is None else data[end] for end in ("before", "after")}
            thresholds[row.guild_id] = ends["after"]
            told = {"id": row.id, "data": json.dumps({**data, **ends})}
            conn.execute(sa.text("UPDATE audit_log SET data = :data WHERE id = :id"), told)
    _forbid_changes()
    for guild_id, threshold in thresholds.items():
        conn.execute(
            sa.text("UPDATE guilds SET confirm_above = :threshold WHERE guild_id = :guild_id"),
            {"guild_id": guild_id, "threshold": threshold},
        )


def downgrade() -> None:
    forget = sa.text("UPDATE guilds SET confirm_above = NULL WHERE confirm_above = :never")
    op.execute(forget.bindparams(never=NEVER))
    _comment(COMMENT, OLD_COMMENT)


def _comment(before: str, after: str) -> None:
    with op.batch_alter_table("guilds") as batch:
        batch.alter_column(
            "confirm_above",
            existing_type=sa.BigInteger(),
            existing_nullable=True,
            existing_comment=before,
            comment=after,
        )


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
