"""Pictures that members, and moderators for their guild, saved under a name."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, text

from bot.storage.tables.base import Instant, PersonId, RowId, Snowflake, metadata

_OWN, _SHARED = text("guild_id = 0"), text("guild_id <> 0")

cast_pictures_table = Table(
    "cast_pictures",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, nullable=False, comment="the guild that shares it; 0: it is a member's own"),
    Column("member_id", PersonId, nullable=False, comment="who saved it"),
    Column("key", String(120), nullable=False, comment="bot.domain.cast.name_key of the name"),
    Column("name", String(64), nullable=False),
    Column("content_type", String(20), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("digest", String(32), nullable=False, index=True, comment="bot.domain.cast.digest_of"),
    Column("width", Integer, comment="in pixels; NULL: nobody told"),
    Column("height", Integer),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False, index=True, comment="when it was saved, or last used"),
    # Last, so that what stands before it is read without it.
    Column("content", LargeBinary, nullable=False),
    Index("uq_cast_pictures_own", "member_id", "key", unique=True, sqlite_where=_OWN, postgresql_where=_OWN),
    Index("uq_cast_pictures_shared", "guild_id", "key", unique=True, sqlite_where=_SHARED, postgresql_where=_SHARED),
    comment="a job keeps its own copy of a picture until it ends (job_files)",
)
