"""Cast: pictures that members and guilds save under a name"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OWN, SHARED = sa.text("guild_id = 0"), sa.text("guild_id <> 0")


def upgrade() -> None:
    op.create_table(
        "cast_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "guild_id", sa.BigInteger(), nullable=False, comment="the guild that shares it; 0: it is a member's own"
        ),
        sa.Column("member_id", sa.BigInteger(), nullable=False, comment="who saved it"),
        sa.Column("key", sa.String(length=120), nullable=False, comment="bot.domain.cast.name_key of the name"),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=20), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False, comment="bot.domain.cast.digest_of"),
        sa.Column("width", sa.Integer(), nullable=True, comment="in pixels; NULL: nobody told"),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=False, comment="when it was saved, or last used"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cast_pictures")),
        comment="a job keeps its own copy of a picture until it ends (job_files)",
    )
    op.create_index("ix_cast_pictures_digest", "cast_pictures", ["digest"])
    op.create_index("ix_cast_pictures_used_at", "cast_pictures", ["used_at"])
    op.create_index(
        "uq_cast_pictures_own",
        "cast_pictures",
        ["member_id", "key"],
        unique=True,
        sqlite_where=OWN,
        postgresql_where=OWN,
    )
    op.create_index(
        "uq_cast_pictures_shared",
        "cast_pictures",
        ["guild_id", "key"],
        unique=True,
        sqlite_where=SHARED,
        postgresql_where=SHARED,
    )


def downgrade() -> None:
    op.drop_table("cast_pictures")
