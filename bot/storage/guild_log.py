"""Lines that wait to be written into guilds' log channels: added in the transaction of what they tell, gone when sent.

Lines of one guild are sent in batches. A batch is fixed before it is sent, so that after a crash the same message is
sent again, whose nonce Discord knows.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.guild_log import LogEntry, LogKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.json_value import JsonObject, JsonValue
from bot.storage.tables.guild_settings import guild_settings_table, log_entries_table

GATHER_SECONDS = 3.0
"""Seconds that a line waits for others to go with it."""
BATCH = 10
"""Lines in a message."""
GUILDS_AT_ONCE = 20
"""Guilds whose lines one call claims."""

_CHANNEL = select(guild_settings_table.c.value).where(
    guild_settings_table.c.guild_id == bindparam("guild_id"),
    guild_settings_table.c.name == GuildSetting.LOG_CHANNEL.value,
)
_LOCK_CHANNEL = _CHANNEL.with_for_update(key_share=True, skip_locked=True)
_ADD = insert(log_entries_table)
_OF_GUILD = log_entries_table.c.guild_id == bindparam("guild_id")
_DUE_GUILDS = (
    select(log_entries_table.c.guild_id)
    .where(log_entries_table.c.due_at <= bindparam("now"))
    .group_by(log_entries_table.c.guild_id)
    .order_by(func.min(log_entries_table.c.due_at))
    .limit(bindparam("count"))
)
_ENTRIES = select(
    log_entries_table.c.id, log_entries_table.c.kind, log_entries_table.c.data, log_entries_table.c.created_at
).order_by(log_entries_table.c.id)
_BEGUN = _ENTRIES.where(
    _OF_GUILD, log_entries_table.c.batch.is_not(None), log_entries_table.c.due_at <= bindparam("now")
)
_UNDER_WAY = select(func.count()).where(_OF_GUILD, log_entries_table.c.batch.is_not(None))
_FRESH = _ENTRIES.where(_OF_GUILD, log_entries_table.c.batch.is_(None)).limit(bindparam("count"))
_STAMP = (
    update(log_entries_table)
    .where(log_entries_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(batch=bindparam("first"), due_at=bindparam("until"))
)
_SENT = delete(log_entries_table).where(log_entries_table.c.batch == bindparam("first"))
_LATER = (
    update(log_entries_table).where(log_entries_table.c.batch == bindparam("first")).values(due_at=bindparam("until"))
)
_DROP = delete(log_entries_table).where(_OF_GUILD)
_NEXT_DUE = select(func.min(log_entries_table.c.due_at))


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that go into one message of a guild's log channel. `id` is the same at every attempt."""

    id: int
    guild_id: int
    channel_id: int
    entries: tuple[LogEntry, ...]

    @property
    def key(self) -> str:
        """What no other message has: SQLite counts ids anew once all lines are gone, so the moment belongs to it."""
        return f"{self.id:x}-{round(self.entries[0].created_at * 1000):x}"


def add(conn: Connection, guild_id: int, kind: LogKind, data: JsonObject, now: float) -> None:
    """Have a line written, where the guild has a log channel."""
    if conn.execute(_CHANNEL, {"guild_id": guild_id}).scalar() is not None:
        write(conn, guild_id, kind, data, now)


def write(conn: Connection, guild_id: int, kind: LogKind, data: JsonObject, now: float) -> None:
    """Have a line written in a guild that is known to have a log channel."""
    line = {"guild_id": guild_id, "kind": kind, "data": data, "created_at": now, "due_at": now + GATHER_SECONDS}
    conn.execute(_ADD, line)


def claim(conn: Connection, now: float, hold_seconds: float) -> list[Batch]:
    """Take one batch of each guild that has lines due. Without `sent` or `later` it is due again after `hold_seconds`.

    The lines of a guild without a log channel are dropped.
    """
    due = conn.execute(_DUE_GUILDS, {"now": now, "count": GUILDS_AT_ONCE}).scalars().all()
    batches = (_claim_of(conn, guild_id, now, now + hold_seconds) for guild_id in due)
    return [batch for batch in batches if batch is not None]


def sent(conn: Connection, batch_id: int) -> None:
    """Note that a batch stands in its channel."""
    conn.execute(_SENT, {"first": batch_id})


def later(conn: Connection, batch_id: int, due_at: float) -> None:
    """Have a batch sent again at `due_at`."""
    conn.execute(_LATER, {"first": batch_id, "until": due_at})


def drop(conn: Connection, guild_id: int) -> None:
    """Drop everything that waits for a guild's log channel."""
    conn.execute(_DROP, {"guild_id": guild_id})


def next_due(conn: Connection) -> float | None:
    """Return when the next line is due; None where none waits."""
    return conn.execute(_NEXT_DUE).scalar()


def _claim_of(conn: Connection, guild_id: int, now: float, until: float) -> Batch | None:
    """Take a guild's batch that was begun, else begin one. The setting's row is the lock among several workers."""
    chosen = conn.execute(_CHANNEL, {"guild_id": guild_id}).one_or_none()
    if chosen is not None and (chosen := conn.execute(_LOCK_CHANNEL, {"guild_id": guild_id}).one_or_none()) is None:
        return None  # another worker is at it
    channel_id: JsonValue = None if chosen is None else chosen[0]
    if not isinstance(channel_id, int):
        drop(conn, guild_id)
        return None
    rows = conn.execute(_BEGUN, {"guild_id": guild_id, "now": now}).all()
    if not rows:
        if conn.execute(_UNDER_WAY, {"guild_id": guild_id}).scalar_one():
            return None
        rows = conn.execute(_FRESH, {"guild_id": guild_id, "count": BATCH}).all()
    if not rows:
        return None
    first = rows[0].id
    conn.execute(_STAMP, {"ids": [row.id for row in rows], "first": first, "until": until})
    return Batch(first, guild_id, channel_id, tuple(LogEntry(row.kind, row.data, row.created_at) for row in rows))
