"""Styles: words around members' prompts, and options that they fix"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "styles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False, comment="bot.domain.styles.style_key of the name"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "template", sa.Text(), nullable=False, comment="the words around a prompt, which has its place in them once"
        ),
        sa.Column("options", sa.JSON(), nullable=False, comment="option name → the value that the style fixes"),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False, comment="who saved it last"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_styles")),
        comment="a request keeps the words of its style itself: a style may change or go",
    )
    with op.batch_alter_table("styles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_styles_guild_id_key"), ["guild_id", "key"], unique=True)


def downgrade() -> None:
    op.drop_table("styles")
