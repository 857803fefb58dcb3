"""Reels: clips in an order, who may add to them, and their films"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False, comment="where it was made"),
        sa.Column("maker_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False, comment="empty: whoever wrote it was erased"),
        sa.Column("titled_by", sa.BigInteger(), nullable=False, comment="who wrote the title"),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="counts the changes; a press on an older panel changes nothing",
        ),
        sa.Column(
            "access",
            sa.Enum("everybody", "named", "closed", name="reelaccess", native_enum=False, length=10),
            nullable=False,
        ),
        sa.Column(
            "fit",
            sa.Enum("letterbox", "crop", name="fit", native_enum=False, length=10),
            nullable=False,
            comment="what becomes of clips of another shape",
        ),
        sa.Column(
            "credits",
            sa.Integer(),
            nullable=False,
            comment="whether the makers of the clips are named at the end",
        ),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("panel_channel_id", sa.BigInteger(), nullable=True, comment="where its latest panel stands"),
        sa.Column("panel_message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reels")),
        comment="clips that a community puts in an order, to be joined to one film",
    )
    op.create_index(op.f("ix_reels_guild_id_changed_at"), "reels", ["guild_id", "changed_at"])

    op.create_table(
        "reel_members",
        sa.Column("reel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["reel_id"], ["reels.id"], name=op.f("fk_reel_members_reel_id")),
        sa.PrimaryKeyConstraint("reel_id", "member_id", name=op.f("pk_reel_members")),
        comment="who may add to a reel whose access is 'named'",
    )
    op.create_table(
        "reel_renders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel_id",
            sa.BigInteger(),
            nullable=False,
            comment="where it was asked for: its card and its film go there",
        ),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "done", "failed", name="reelrenderstate", native_enum=False, length=10),
            nullable=False,
        ),
        sa.Column("progress", sa.Integer(), nullable=False, comment="per cent of the pictures that are done"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="counts how often a worker began it"),
        sa.Column("due_at", sa.Double(), nullable=True, comment="when to look at it next; NULL: it has ended"),
        sa.Column("lease_owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.Double(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True, comment="the card that tells its progress"),
        sa.Column("message_channel_id", sa.BigInteger(), nullable=True, comment="where the film was posted"),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped", sa.Integer(), nullable=False, comment="clips that were gone, and so are not in the film"),
        sa.Column("duration_ms", sa.Integer(), nullable=True, comment="of the film"),
        sa.Column("size_bytes", sa.Integer(), nullable=True, comment="of the film's file"),
        sa.Column("problem", sa.String(length=40), nullable=True, comment="why it failed: a code"),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("deleted_at", sa.Double(), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="who pressed Delete"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_reel_renders_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_reel_renders_progress")),
        sa.ForeignKeyConstraint(["reel_id"], ["reels.id"], name=op.f("fk_reel_renders_reel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reel_renders")),
        comment="films that are made of reels",
    )
    op.create_index(op.f("ix_reel_renders_guild_id_ended_at"), "reel_renders", ["guild_id", "ended_at"])
    op.create_index(op.f("ix_reel_renders_reel_id_id"), "reel_renders", ["reel_id", "id"])
    op.create_index(op.f("ix_reel_renders_state_due_at"), "reel_renders", ["state", "due_at"])
    op.create_index(
        "uq_reel_renders_open",
        "reel_renders",
        ["reel_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )

    op.create_table(
        "reel_sounds",
        sa.Column("reel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False, comment="of the file, for people"),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=False,
            comment="kept here: an attachment of a command is gone some day",
        ),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reel_id"], ["reels.id"], name=op.f("fk_reel_sounds_reel_id")),
        sa.PrimaryKeyConstraint("reel_id", name=op.f("pk_reel_sounds")),
        comment="the sound behind a whole reel",
    )
    op.create_table(
        "reel_clips",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="the order within the reel, from 0"),
        sa.Column("job_id", sa.String(length=16), nullable=True, comment="NULL: a title card"),
        sa.Column(
            "file_position",
            sa.Integer(),
            nullable=True,
            comment="which of the job's results, from 0; NULL: a title card",
        ),
        sa.Column("text", sa.Text(), nullable=True, comment="what a title card says; NULL: a clip"),
        sa.Column("seconds", sa.Double(), nullable=True, comment="how long a title card stands; NULL: a clip"),
        sa.Column("start_ms", sa.Integer(), nullable=False, comment="where the clip begins"),
        sa.Column("end_ms", sa.Integer(), nullable=True, comment="where the clip ends; NULL: at its end"),
        sa.Column(
            "transition",
            sa.Enum("cut", "fade", name="transition", native_enum=False, length=10),
            nullable=False,
            comment="how it follows what is before it",
        ),
        sa.Column("sound", sa.Integer(), nullable=False, comment="whether the clip's own sound is kept"),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="what its file is like; NULL: nobody has looked at it",
        ),
        sa.Column(
            "look_due_at",
            sa.Double(),
            nullable=True,
            comment="when to look at its file; NULL: it was looked at, or cannot be",
        ),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True, comment="a small JPEG of its first picture"),
        sa.CheckConstraint("(job_id IS NULL) = (file_position IS NULL)", name=op.f("ck_reel_clips_file_of_job")),
        sa.CheckConstraint("(job_id IS NULL) = (text IS NOT NULL)", name=op.f("ck_reel_clips_clip_or_title")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_reel_clips_job_id")),
        sa.ForeignKeyConstraint(["reel_id"], ["reels.id"], name=op.f("fk_reel_clips_reel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reel_clips")),
        comment="the parts of a reel in their order: clips, and title cards",
    )
    op.create_index(op.f("ix_reel_clips_look_due_at"), "reel_clips", ["look_due_at"])
    op.create_index(op.f("ix_reel_clips_job_id"), "reel_clips", ["job_id"])
    op.create_index(op.f("ix_reel_clips_reel_id_position"), "reel_clips", ["reel_id", "position"])

    op.create_table(
        "reel_render_makers",
        sa.Column(
            "render_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["render_id"], ["reel_renders.id"], name=op.f("fk_reel_render_makers_render_id")),
        sa.PrimaryKeyConstraint("render_id", "member_id", name=op.f("pk_reel_render_makers")),
        comment="whose clips are in a film: they are mentioned once, and may have it deleted with their data",
    )


def downgrade() -> None:
    op.drop_table("reel_render_makers")
    op.drop_table("reel_clips")
    op.drop_table("reel_sounds")
    op.drop_table("reel_renders")
    op.drop_table("reel_members")
    op.drop_table("reels")
