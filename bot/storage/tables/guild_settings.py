"""What moderators chose for their guild on the panel of `/settings`, and what they are to know."""

from sqlalchemy import JSON, Column, Index, String, Table

from bot.domain.guild_log import LogKind
from bot.domain.guild_notices import GuildNoticeKind
from bot.storage.tables.base import Instant, PersonId, RowId, Snowflake, metadata, one_of

guild_settings_table = Table(
    "guild_settings",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True, comment="a GuildSetting; a newer version may have written others"),
    Column("value", JSON, nullable=False, comment="its type belongs to the setting; JSON null is a value, too"),
    Column("changed_at", Instant, nullable=False),
    Column("actor_id", PersonId, nullable=False, comment="the moderator who chose it"),
    comment="one row a setting; what has no row has its default",
)

guild_notices_table = Table(
    "guild_notices",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("kind", one_of(GuildNoticeKind, 40), primary_key=True),
    Column("data", JSON, nullable=False, comment="what the words need; its keys belong to the kind"),
    Column("created_at", Instant, nullable=False),
    comment="stands on the moderators' panel until it is over",
)

log_entries_table = Table(
    "log_entries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("kind", one_of(LogKind, 20), nullable=False),
    Column("data", JSON, nullable=False, comment="what the words need; its keys belong to the kind"),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("batch", RowId, comment="the first line of the message that it goes with; NULL: not fixed yet"),
    Index(None, "guild_id", "id"),
    Index(None, "due_at"),
    comment="lines that wait to be written into a guild's log channel",
)
