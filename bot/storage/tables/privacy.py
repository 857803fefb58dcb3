"""Erasures under way, and what limits go on counting after one."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from bot.storage.tables.base import Credits, Flag, Instant, PersonId, Snowflake, metadata

erasures_table = Table(
    "erasures",
    metadata,
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    Column(
        "guild_id", Snowflake, primary_key=True, autoincrement=False, comment="0: what belongs to a member and no guild"
    ),
    Column("pseudonym", BigInteger, nullable=False, comment="who the member becomes; the row goes when that is done"),
    Column("delete_messages", Flag, nullable=False, comment="whether posted results are deleted on Discord, too"),
    Column("requested_at", Instant, nullable=False, comment="what is older is erased"),
    Column("due_at", Instant, nullable=False, comment="when to go on; later while a worker is at it"),
    Index(None, "due_at"),
)

carried_usage_table = Table(
    "carried_usage",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    Column("period", String(5), primary_key=True, comment="day | week | month"),
    Column("period_key", String(10), primary_key=True),
    Column("spent", Credits, nullable=False),
    Column("created_at", Instant, nullable=False),
    comment="what an erased member spent in periods that are not over: nobody gains credits by an erasure",
)

departures_table = Table(
    "departures",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("left_at", Instant, nullable=False, comment="when the bot was seen to be gone"),
    Column("forgotten_at", Instant, comment="when the guild's data was given to be erased; NULL: it may come back"),
    comment="guilds that the bot is not in any more",
)
