"""Switches that hold up a guild's queue or the whole bot's: paused sends nothing, draining accepts nothing."""

from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select

from bot.storage.jobs import upsert
from bot.storage.tables.jobs import queue_switches

WHOLE_BOT = 0
"""Stands in a guild id's place for all guilds."""


class Switch(StrEnum):
    """What can be switched on."""

    PAUSED = "paused"
    """Nothing is sent to the provider; requests are accepted and wait."""
    DRAINING = "draining"
    """No request is accepted; what waits is still sent."""


_with = select(queue_switches.c.guild_id).where(queue_switches.c.name == bindparam("switch"))


def turn(conn: Connection, guild_id: int, switch: Switch, on: bool, actor_id: int, now: float) -> bool:
    """Set a switch of a guild or of WHOLE_BOT; False: it stood so already."""
    if on:
        row = {"guild_id": guild_id, "name": switch.value, "actor_id": actor_id, "set_at": now}
        return conn.execute(upsert(conn)(queue_switches).values(row).on_conflict_do_nothing()).rowcount == 1
    own = (queue_switches.c.guild_id == guild_id, queue_switches.c.name == switch.value)
    return conn.execute(delete(queue_switches).where(*own)).rowcount == 1


def guilds_with(conn: Connection, switch: Switch) -> set[int]:
    """The guilds for which a switch is on; WHOLE_BOT among them stands for all."""
    return set(conn.execute(_with, {"switch": switch.value}).scalars())


def applies(conn: Connection, guild_id: int, switch: Switch) -> bool:
    """Whether a switch is on for a guild, by itself or with the whole bot."""
    return not guilds_with(conn, switch).isdisjoint({guild_id, WHOLE_BOT})
