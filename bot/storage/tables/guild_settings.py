"""What moderators chose for their guild on the panel of `/settings`."""

from sqlalchemy import JSON, Column, String, Table

from bot.storage.tables.base import Instant, Snowflake, metadata

guild_settings_table = Table(
    "guild_settings",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True, comment="a GuildSetting; a newer version may have written others"),
    Column("value", JSON, nullable=False, comment="its type belongs to the setting; JSON null is a value, too"),
    Column("changed_at", Instant, nullable=False),
    Column("actor_id", Snowflake, nullable=False, comment="the moderator who chose it"),
    comment="one row a setting; what has no row has its default",
)
