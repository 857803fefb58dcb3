"""Reels: what belongs to one, who may add to it, and its renders to one film."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from bot.domain.films import Fit, Transition
from bot.domain.reel_renders import ReelRenderState
from bot.domain.reels import ReelAccess
from bot.storage.tables.base import Flag, Instant, PersonId, RowId, Snowflake, metadata, one_of

_IS_OPEN = "state IN ('waiting', 'running')"

reels_table = Table(
    "reels",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("channel_id", Snowflake, nullable=False, comment="where it was made"),
    Column("maker_id", PersonId, nullable=False),
    Column("title", String(100), nullable=False, comment="empty: whoever wrote it was erased"),
    Column("titled_by", PersonId, nullable=False, comment="who wrote the title"),
    Column("version", Integer, nullable=False, comment="counts the changes; a press on an older panel changes nothing"),
    Column("access", one_of(ReelAccess, 10), nullable=False),
    Column("fit", one_of(Fit, 10), nullable=False, comment="what becomes of clips of another shape"),
    Column("credits", Flag, nullable=False, comment="whether the makers of the clips are named at the end"),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("panel_channel_id", Snowflake, comment="where its latest panel stands"),
    Column("panel_message_id", Snowflake),
    Column("panel_due_at", Instant, comment="when to draw its panel anew; NULL: it is as it should be"),
    Index(None, "guild_id", "changed_at"),
    Index(None, "panel_due_at"),
    comment="clips that a community puts in an order, to be joined to one film",
)

reel_clips_table = Table(
    "reel_clips",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("reel_id", RowId, ForeignKey("reels.id"), nullable=False),
    Column("position", Integer, nullable=False, comment="the order within the reel, from 0"),
    Column("job_id", String(16), ForeignKey("jobs.id"), index=True, comment="NULL: a title card"),
    Column("file_position", Integer, comment="which of the job's results, from 0; NULL: a title card"),
    Column("text", Text, comment="what a title card says; NULL: a clip"),
    Column("seconds", Double, comment="how long a title card stands; NULL: a clip"),
    Column("start_ms", Integer, nullable=False, comment="where the clip begins"),
    Column("end_ms", Integer, comment="where the clip ends; NULL: at its end"),
    Column("transition", one_of(Transition, 10), nullable=False, comment="how it follows what is before it"),
    Column("sound", Flag, nullable=False, comment="whether the clip's own sound is kept"),
    Column("added_by", PersonId, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("facts", JSON(none_as_null=True), comment="what its file is like; NULL: nobody has looked at it"),
    Column("look_due_at", Instant, comment="when to look at its file; NULL: it was looked at, or cannot be"),
    Column("thumbnail", LargeBinary, comment="a small JPEG of its first picture"),
    CheckConstraint("(job_id IS NULL) = (file_position IS NULL)", name="file_of_job"),
    CheckConstraint("(job_id IS NULL) = (text IS NOT NULL)", name="clip_or_title"),
    Index(None, "reel_id", "position"),
    Index(None, "look_due_at"),
    comment="the parts of a reel in their order: clips, and title cards",
)

reel_members_table = Table(
    "reel_members",
    metadata,
    Column("reel_id", RowId, ForeignKey("reels.id"), primary_key=True, autoincrement=False),
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    comment="who may add to a reel whose access is 'named'",
)

reel_sounds_table = Table(
    "reel_sounds",
    metadata,
    Column("reel_id", RowId, ForeignKey("reels.id"), primary_key=True, autoincrement=False),
    Column("name", String(100), nullable=False, comment="of the file, for people"),
    Column("content", LargeBinary, nullable=False, comment="kept here: an attachment of a command is gone some day"),
    Column("size_bytes", Integer, nullable=False),
    Column("added_by", PersonId, nullable=False),
    comment="the sound behind a whole reel",
)

reel_renders_table = Table(
    "reel_renders",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("reel_id", RowId, ForeignKey("reels.id"), nullable=False),
    Column("guild_id", Snowflake, nullable=False),
    Column("channel_id", Snowflake, nullable=False, comment="where it was asked for: its card and its film go there"),
    Column("asked_by", PersonId, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", one_of(ReelRenderState, 10), nullable=False),
    Column("progress", Integer, nullable=False, comment="per cent of the pictures that are done"),
    Column("attempts", Integer, nullable=False, comment="counts how often a worker began it"),
    Column("due_at", Instant, comment="when to look at it next; NULL: it has ended"),
    Column("lease_owner", String(40)),
    Column("lease_until", Instant),
    Column("card_message_id", Snowflake, comment="the card that tells its progress"),
    Column("message_channel_id", Snowflake, comment="where the film was posted"),
    Column("message_id", Snowflake),
    Column("dropped", Integer, nullable=False, comment="clips that were gone, and so are not in the film"),
    Column("duration_ms", Integer, comment="of the film"),
    Column("size_bytes", Integer, comment="of the film's file"),
    Column("problem", String(40), comment="why it failed: a code"),
    Column("ended_at", Instant),
    Column("deleted_at", Instant),
    Column("deleted_by", PersonId, comment="who pressed Delete"),
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    Index("uq_reel_renders_open", "reel_id", unique=True, sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
    Index(None, "state", "due_at"),
    Index(None, "guild_id", "ended_at"),
    Index(None, "reel_id", "id"),
    comment="films that are made of reels",
)

reel_render_makers_table = Table(
    "reel_render_makers",
    metadata,
    Column("render_id", RowId, ForeignKey("reel_renders.id"), primary_key=True, autoincrement=False),
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    comment="whose clips are in a film: they are mentioned once, and may have it deleted with their data",
)
