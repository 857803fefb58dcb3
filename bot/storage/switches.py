"""Switches that hold up a guild's queue or the whole bot's: paused sends nothing, draining accepts nothing."""

from sqlalchemy import Connection, bindparam, delete, select

from bot.domain.switches import WHOLE_BOT, Switch
from bot.storage.tables.jobs import queue_switches_table
from bot.storage.upsert import insert_if_new

_TURN_ON = insert_if_new(queue_switches_table)
_TURN_OFF = delete(queue_switches_table).where(
    queue_switches_table.c.guild_id == bindparam("guild_id"), queue_switches_table.c.name == bindparam("switch")
)
_ON = select(queue_switches_table.c.name).where(queue_switches_table.c.guild_id.in_((bindparam("guild_id"), WHOLE_BOT)))
_GUILDS_WITH = select(queue_switches_table.c.guild_id).where(queue_switches_table.c.name == bindparam("switch"))


def turn(conn: Connection, guild_id: int, switch: Switch, on: bool, actor_id: int, now: float) -> bool:
    """Set a switch of a guild or of WHOLE_BOT. Returns False if it was set so already."""
    if on:
        row = {"guild_id": guild_id, "name": switch, "actor_id": actor_id, "set_at": now}
        return conn.execute(_TURN_ON, row).rowcount == 1
    return conn.execute(_TURN_OFF, {"guild_id": guild_id, "switch": switch}).rowcount == 1


def guilds_with(conn: Connection, switch: Switch) -> set[int]:
    """Return the guilds for which a switch is on. WHOLE_BOT among them stands for all."""
    return set(conn.execute(_GUILDS_WITH, {"switch": switch}).scalars())


def on(conn: Connection, guild_id: int) -> set[Switch]:
    """Return the switches that are on for a guild, by itself or with the whole bot."""
    return set(conn.execute(_ON, {"guild_id": guild_id}).scalars())
