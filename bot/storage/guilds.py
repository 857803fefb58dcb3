"""Guilds as customers: their row, which is the lock on their credits, and their rules."""

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from bot.domain.periods import Period
from bot.domain.quota import GuildDefaults, Rules, Scope
from bot.storage.tables.money import guilds_table, limits_table
from bot.storage.upsert import insert_if_new

_RULES = tuple(Rules.__dataclass_fields__)

_READ = select(*(guilds_table.c[name] for name in _RULES)).where(guilds_table.c.guild_id == bindparam("guild_id"))
# Not the plain FOR UPDATE: rows that refer to a guild can then still be written beside it.
_LOCK = _READ.with_for_update(key_share=True)
_CREATE = insert_if_new(guilds_table)
_STATE = insert(limits_table)
_SET = update(guilds_table).where(guilds_table.c.guild_id == bindparam("key"))


class UnknownGuild(LookupError):
    """A guild that `ensure_guild` was never called for."""


def ensure_guild(conn: Connection, guild_id: int, defaults: GuildDefaults, now: float) -> bool:
    """Make the guild known, once: with UTC and with `defaults`. Returns whether it was unknown before."""
    if conn.execute(_READ, {"guild_id": guild_id}).first() is not None:
        return False
    rules = {"time_zone": Rules().time_zone, "created_at": now}
    rules |= {"member_jobs_max": defaults.member_jobs_max, "guild_jobs_max": defaults.guild_jobs_max}
    if conn.execute(_CREATE, {"guild_id": guild_id} | rules).rowcount == 0:
        return False
    ceiling = {"scope": Scope.CEILING, "subject_id": 0, "period": Period.MONTH, "amount": defaults.credits}
    conn.execute(_STATE, {"guild_id": guild_id} | ceiling)
    return True


def rules_of(conn: Connection, guild_id: int) -> Rules:
    """Return the guild's rules. Raises UnknownGuild if it has no row."""
    return _rules(conn.execute(_READ, {"guild_id": guild_id}).mappings().first(), guild_id)


def time_zone_of(conn: Connection, guild_id: int) -> str:
    """Return the guild's time zone; the default of a guild that has no row yet."""
    row = conn.execute(_READ, {"guild_id": guild_id}).mappings().first()
    return Rules().time_zone if row is None else str(row["time_zone"])


def lock_guild(conn: Connection, guild_id: int) -> Rules:
    """Lock the guild's credits until the transaction ends, and return its rules. Raises UnknownGuild.

    Every transaction that moves credits takes this lock before it reads what they depend on, and at most one guild's:
    on PostgreSQL the row itself is locked, on SQLite the write transaction already excludes all others.
    """
    return _rules(conn.execute(_LOCK, {"guild_id": guild_id}).mappings().first(), guild_id)


def lock_if_known(conn: Connection, guild_id: int) -> None:
    """Lock a guild's credits as `lock_guild` does; a guild without a row has none that could move."""
    conn.execute(_LOCK, {"guild_id": guild_id})


def set_rules(conn: Connection, guild_id: int, rules: Rules) -> None:
    """Replace all rules of a guild whose lock is held."""
    conn.execute(_SET.values({name: getattr(rules, name) for name in _RULES}), {"key": guild_id})


def _rules(row: RowMapping | None, guild_id: int) -> Rules:
    if row is None:
        raise UnknownGuild(guild_id)
    return Rules(**row)
