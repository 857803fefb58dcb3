"""Members become pseudonyms: the one change that the ledger and the audit log allow"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LEDGER_FIXED = (
    *("id", "account_id", "guild_id", "job_id", "model_slug", "kind", "phase", "held_delta", "spent_delta"),
    *("charged_delta", "granted_delta", "overrun", "grant_id", "day_key", "week_key", "month_key", "created_at"),
)
AUDIT_FIXED = ("id", "guild_id", "action", "created_at")
PEOPLE_IN_DATA, WORDS_IN_DATA = ("member_id", "subject_id"), ("reason", "words")
VALUES_IN_DATA = ("before", "after")
"""Values that people wrote themselves: of a server's settings, and the reason for a block."""


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "guild_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="0: what belongs to a member and no guild",
        ),
        sa.Column(
            "pseudonym",
            sa.BigInteger(),
            nullable=False,
            comment="who the member becomes; the row goes when that is done",
        ),
        sa.Column(
            "delete_messages",
            sa.Integer(),
            nullable=False,
            comment="whether posted results are deleted on Discord, too",
        ),
        sa.Column("requested_at", sa.Double(), nullable=False, comment="what is older is erased"),
        sa.Column("due_at", sa.Double(), nullable=False, comment="when to go on; later while a worker is at it"),
        sa.PrimaryKeyConstraint("member_id", "guild_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_due_at"), "erasures", ["due_at"])
    op.create_table(
        "carried_usage",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=5), nullable=False, comment="day | week | month"),
        sa.Column("period_key", sa.String(length=10), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "member_id", "period", "period_key", name=op.f("pk_carried_usage")),
        comment="what an erased member spent in periods that are not over: nobody gains credits by an erasure",
    )
    op.add_column(
        "jobs", sa.Column("erased_at", sa.Double(), nullable=True, comment="when its words and links were taken out")
    )
    op.create_index("ix_jobs_ended", "jobs", ["erased_at", "ended_at"])
    _allow_pseudonyms()


def downgrade() -> None:
    _refuse_everything()
    op.drop_index("ix_jobs_ended", table_name="jobs")
    op.drop_column("jobs", "erased_at")
    op.drop_table("carried_usage")
    op.drop_index(op.f("ix_erasures_due_at"), table_name="erasures")
    op.drop_table("erasures")


def _allow_pseudonyms() -> None:
    """Let a person become a pseudonym, which is a negative number, and words that a person wrote go. Nothing else."""
    if op.get_bind().dialect.name == "postgresql":
        _allow_on_postgresql()
        return
    for table, allowed in (("ledger_entries", _ledger_rule("IS")), ("audit_log", _audit_rule_of_sqlite())):
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
        )


def _allow_on_postgresql() -> None:
    rules = {"ledger_entries": _ledger_rule("IS NOT DISTINCT FROM"), "audit_log": _audit_rule_of_postgresql()}
    for table, allowed in rules.items():
        op.execute(f"DROP TRIGGER {table}_insert_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_pseudonyms_only BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (NOT ({allowed})) EXECUTE FUNCTION refuse_change()"
        )


def _refuse_everything() -> None:
    for table in ("ledger_entries", "audit_log"):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_pseudonyms_only ON {table}")
            op.execute(f"DROP TRIGGER {table}_insert_only ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )


def _same(columns: tuple[str, ...], equals: str) -> list[str]:
    return [f"NEW.{name} {equals} OLD.{name}" for name in columns]


def _person(name: str, equals: str) -> str:
    return f"(NEW.{name} {equals} OLD.{name} OR (OLD.{name} > 0 AND NEW.{name} < 0))"


def _ledger_rule(equals: str) -> str:
    people = [_person(name, equals) for name in ("member_id", "actor_id")]
    reason = f"(NEW.reason IS NULL OR NEW.reason {equals} OLD.reason)"
    return " AND ".join([*_same(LEDGER_FIXED, equals), *people, reason])


def _audit_rule_of_sqlite() -> str:
    changing = ", ".join(f"'$.{name}'" for name in (*PEOPLE_IN_DATA, *WORDS_IN_DATA, *VALUES_IN_DATA))
    rules = [*_same(AUDIT_FIXED, "IS"), _person("actor_id", "IS")]
    rules.append(f"json_remove(NEW.data, {changing}) IS json_remove(OLD.data, {changing})")

    def value(row: str, name: str) -> str:
        return f"json_extract({row}.data, '$.{name}')"

    rules += [f"({value('NEW', name)} IS {value('OLD', name)} OR {value('NEW', name)} < 0)" for name in PEOPLE_IN_DATA]
    rules += [f"({value('NEW', name)} IS {value('OLD', name)} OR {value('NEW', name)} = '')" for name in WORDS_IN_DATA]
    for name in VALUES_IN_DATA:
        unchanged = f"{value('NEW', name)} IS {value('OLD', name)}"
        written = f"OLD.action = 'change_setting' OR {value('OLD', 'rule')} IS 'blocked_reason'"
        rules.append(f"({unchanged} OR ({value('NEW', name)} = '' AND ({written})))")
    return " AND ".join(rules)


def _audit_rule_of_postgresql() -> str:
    changing = ", ".join(f"'{name}'" for name in (*PEOPLE_IN_DATA, *WORDS_IN_DATA, *VALUES_IN_DATA))
    equals = "IS NOT DISTINCT FROM"
    rules = [*_same(AUDIT_FIXED, equals), _person("actor_id", equals)]
    rules.append(f"NEW.data::jsonb - ARRAY[{changing}] = OLD.data::jsonb - ARRAY[{changing}]")

    def value(row: str, name: str) -> str:
        return f"({row}.data ->> '{name}')"

    rules += [
        f"({value('NEW', name)} {equals} {value('OLD', name)} OR {value('NEW', name)} LIKE '-%')"
        for name in PEOPLE_IN_DATA
    ]
    rules += [
        f"({value('NEW', name)} {equals} {value('OLD', name)} OR {value('NEW', name)} = '')" for name in WORDS_IN_DATA
    ]
    for name in VALUES_IN_DATA:
        unchanged = f"{value('NEW', name)} {equals} {value('OLD', name)}"
        written = f"OLD.action = 'change_setting' OR {value('OLD', 'rule')} {equals} 'blocked_reason'"
        rules.append(f"({unchanged} OR ({value('NEW', name)} = '' AND ({written})))")
    return " AND ".join(rules)
