"""What a guild's gallery lists, what stands in its showcase, and who keeps out of both."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from bot.domain.gallery import GalleryKind
from bot.domain.showcase import ShowcaseState
from bot.storage.tables.base import Instant, PersonId, RowId, Snowflake, metadata, one_of

SOURCE_ID = String(40)
"""The type of a job's id, or of a rendering's."""

gallery_entries_table = Table(
    "gallery_entries",
    metadata,
    Column("kind", one_of(GalleryKind, 8), primary_key=True),
    Column("source_id", SOURCE_ID, primary_key=True, comment="the id of the job, or of the rendering"),
    Column("guild_id", Snowflake, nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("message_id", Snowflake, nullable=False),
    Column("place_id", Snowflake, comment="whose permissions hold: a thread's channel; NULL: not looked at yet"),
    Column("member_id", PersonId, nullable=False, comment="who made it"),
    Column("model_slug", String(200), comment="NULL: a reel"),
    Column("posted_at", Instant, nullable=False),
    Column("likes", Integer, nullable=False, default=0, comment="people who reacted; nobody keeps who"),
    Column("counted_at", Instant),
    Column("due_at", Instant, comment="when to look at it next; NULL: when somebody reacts, or looks"),
    CheckConstraint("likes >= 0", name="likes_not_negative"),
    Index("ix_gallery_entries_newest", "guild_id", "posted_at"),
    Index("ix_gallery_entries_best", "guild_id", "likes", "posted_at"),
    Index("ix_gallery_entries_model", "guild_id", "model_slug", "posted_at"),
    Index("ix_gallery_entries_member", "guild_id", "member_id", "posted_at"),
    Index(None, "message_id"),
    Index(None, "due_at"),
    comment="posted results whose message stands, as far as is known",
)

showcase_posts_table = Table(
    "showcase_posts",
    metadata,
    Column("kind", one_of(GalleryKind, 8), primary_key=True),
    Column("source_id", SOURCE_ID, primary_key=True),
    Column("guild_id", Snowflake, nullable=False, index=True),
    Column("state", one_of(ShowcaseState, 8), nullable=False),
    Column("channel_id", Snowflake, comment="the showcase; written before anything is posted there"),
    Column("source_message_id", Snowflake, comment="what is forwarded, likewise"),
    Column("message_id", Snowflake, comment="the forward"),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, comment="NULL: nothing is to be done"),
    Index(None, "due_at"),
    comment="results that reached the showcase: each comes there once, also if it was withdrawn",
)

gallery_opt_outs_table = Table(
    "gallery_opt_outs",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    Column("opted_out_at", Instant, nullable=False),
    comment="members whose clips are kept out of the gallery, the showcase and the reel of the week",
)

weekly_reels_table = Table(
    "weekly_reels",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("week", String(10), primary_key=True, comment="the ISO week of its moment"),
    Column("channel_id", Snowflake, nullable=False, comment="the showcase, where its film goes"),
    Column("made_at", Instant, nullable=False),
    Column("reel_id", RowId, comment="NULL: too few clips were liked"),
    Column("render_id", RowId, comment="NULL: its film was not asked for yet"),
    Column("due_at", Instant, comment="when to ask for its film; NULL: that is over"),
    Index(None, "due_at"),
    comment="reels of the week: at most one a guild and week",
)
