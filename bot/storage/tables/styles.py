"""Styles that moderators saved for their guild."""

from sqlalchemy import JSON, Column, Index, String, Table, Text

from bot.storage.tables.base import Instant, PersonId, RowId, Snowflake, metadata

styles_table = Table(
    "styles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("key", String(200), nullable=False, comment="bot.domain.styles.style_key of the name"),
    Column("name", String(80), nullable=False),
    Column("template", Text, nullable=False, comment="the words around a prompt, which has its place in them once"),
    Column("options", JSON, nullable=False, comment="option name → the value that the style fixes"),
    Column("changed_at", Instant, nullable=False),
    Column("actor_id", PersonId, nullable=False, comment="who saved it last"),
    Index(None, "guild_id", "key", unique=True),
    comment="a request keeps the words of its style itself: a style may change or go",
)
