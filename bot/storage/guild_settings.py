"""What moderators chose for their guild: one row a setting. Each change is noted in the audit log."""

import logging

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.audit import AuditAction
from bot.domain.guild_settings import (
    GuildSetting,
    GuildSettings,
    SettingsView,
    StoredSetting,
    read_settings,
    read_value,
    stored_value,
)
from bot.domain.json_value import JsonValue
from bot.storage import audit
from bot.storage.tables.guild_settings import guild_settings_table
from bot.storage.upsert import insert_if_new

log = logging.getLogger(__name__)

_OF_GUILD = select(
    guild_settings_table.c.name,
    guild_settings_table.c.value,
    guild_settings_table.c.changed_at,
    guild_settings_table.c.actor_id,
).where(guild_settings_table.c.guild_id == bindparam("guild_id"))
_OF_ALL_GUILDS = select(guild_settings_table.c.guild_id, guild_settings_table.c.value).where(
    guild_settings_table.c.name == bindparam("setting")
)
_CREATE = insert_if_new(guild_settings_table)
_IS_THIS = (guild_settings_table.c.guild_id == bindparam("key")) & (guild_settings_table.c.name == bindparam("setting"))
_LOCK = select(guild_settings_table.c.value).where(_IS_THIS).with_for_update(key_share=True)
_SET = update(guild_settings_table).where(_IS_THIS)


def view(conn: Connection, guild_id: int) -> SettingsView:
    """Return what is in force in a guild, and what was chosen by whom. What is not understood is logged."""
    found = read_settings(
        {name: StoredSetting(*stored) for name, *stored in conn.execute(_OF_GUILD, {"guild_id": guild_id})}
    )
    if unreadable := found.settings.unreadable:
        log.warning(
            "settings are not understood: %s",
            ", ".join(sorted(unreadable)),
            extra={"action": "read_settings", "guild": guild_id},
        )
    return found


def shorter_retentions(conn: Connection, days_max: int) -> dict[int, int]:
    """Return the guilds that keep what was asked for less long than `days_max`, each with its days."""
    found = {}
    for guild_id, value in conn.execute(_OF_ALL_GUILDS, {"setting": GuildSetting.RETENTION_DAYS}):
        try:
            days = read_value(GuildSetting.RETENTION_DAYS, value)
        except ValueError:
            continue  # `view` logs it
        if isinstance(days, int) and days < days_max:
            found[guild_id] = days
    return found


def settings_of(conn: Connection, guild_id: int) -> GuildSettings:
    """Return what is in force in a guild."""
    return view(conn, guild_id).settings


def lock(conn: Connection, guild_id: int, actor_id: int, setting: GuildSetting, now: float) -> JsonValue:
    """Lock a setting until the transaction ends, and return its value. Its row is made with the default if need be."""
    default = stored_value(GuildSettings(), setting)
    row = {"guild_id": guild_id, "name": setting, "value": default, "changed_at": now, "actor_id": actor_id}
    conn.execute(_CREATE, row)
    value: JsonValue = conn.execute(_LOCK, {"key": guild_id, "setting": setting}).scalar_one()
    return value


def change(
    conn: Connection,
    guild_id: int,
    actor_id: int,
    setting: GuildSetting,
    before: JsonValue,
    after: JsonValue,
    now: float,
) -> None:
    """Set a setting that `lock` returned as `before`, and note the change in the audit log."""
    values = {"value": after, "changed_at": now, "actor_id": actor_id}
    conn.execute(_SET.values(values), {"key": guild_id, "setting": setting})
    data = {"setting": setting.value, "before": before, "after": after}
    audit.record(conn, guild_id, actor_id, AuditAction.CHANGE_SETTING, data, now)
