"""What is remembered about Discord: command names, what was synced, members' choices and languages, upload limits."""

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table

from bot.storage.tables.base import Instant, PersonId, Snowflake, metadata

command_names_table = Table(
    "command_names",
    metadata,
    Column("model_slug", String(200), primary_key=True),
    Column("command", String(32), nullable=False),
    Column("subcommand", String(32), nullable=False),
    Index("uq_command_names_command_subcommand", "command", "subcommand", unique=True),
    comment="a model keeps its command's name for ever, also while it is away",
)

command_syncs_table = Table(
    "command_syncs",
    metadata,
    Column("scope", String(60), primary_key=True, comment="application id and 'global' or a guild's id"),
    Column("content_hash", String(64), nullable=False),
    Column("ids", JSON, nullable=False, comment="name of a top-level command → the id that Discord gave it"),
    Column("synced_at", Instant, nullable=False),
)

member_choices_table = Table(
    "member_choices",
    metadata,
    Column("member_id", PersonId, primary_key=True),
    Column("model_slug", String(200), primary_key=True),
    Column("choices", JSON, nullable=False, comment="option name → the value last chosen"),
)

member_locales_table = Table(
    "member_locales",
    metadata,
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    Column("locale", String(20), nullable=False, comment="the language of their Discord when they last used the bot"),
    comment="so that direct messages are in their reader's language: only an interaction tells it",
)

upload_limits_table = Table(
    "upload_limits",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("stated_bytes", BigInteger, comment="what the guild's latest interaction named"),
    Column("refused_bytes", BigInteger, comment="the smallest file that was refused, for a day after refused_at"),
    Column("refused_at", Instant),
)
