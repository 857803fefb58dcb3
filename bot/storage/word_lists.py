"""Word lists: one for each guild that has any entry, and the owner's for all of them (`ALL_GUILDS`)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.moderation import ALL_GUILDS
from bot.storage.tables.moderation import word_list_entries_table, word_lists_table
from bot.storage.upsert import insert_if_new

_REVISIONS = select(word_lists_table.c.guild_id, word_lists_table.c.revision).where(
    word_lists_table.c.guild_id.in_(bindparam("guild_ids", expanding=True))
)
_CREATE = insert_if_new(word_lists_table)
_LOCK = (
    select(word_lists_table.c.revision)
    .where(word_lists_table.c.guild_id == bindparam("guild_id"))
    .with_for_update(key_share=True)
)
_COUNT_UP = (
    update(word_lists_table)
    .where(word_lists_table.c.guild_id == bindparam("key"))
    .values(revision=word_lists_table.c.revision + 1)
)
_OF_LIST = word_list_entries_table.c.guild_id == bindparam("key")
_ENTRIES = (
    select(word_list_entries_table.c.entry)
    .where(_OF_LIST)
    .order_by(word_list_entries_table.c.added_at, word_list_entries_table.c.entry)
)
_COUNT = select(func.count()).select_from(word_list_entries_table).where(_OF_LIST)
_ADD = insert(word_list_entries_table)
_REMOVE = delete(word_list_entries_table).where(
    _OF_LIST, word_list_entries_table.c.entry.in_(bindparam("entries", expanding=True))
)


@dataclass(frozen=True, slots=True)
class WordList:
    """A list as it is stored. Two lists of a guild with the same revision are the same."""

    revision: int
    entries: tuple[str, ...]


def revisions(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return the revisions of a guild's list and of the owner's, by list; a list that never had entries has none."""
    return dict(conn.execute(_REVISIONS, {"guild_ids": [guild_id, ALL_GUILDS]}).all())


def read(conn: Connection, list_id: int) -> WordList:
    """Return a list, its oldest entries first."""
    revision = dict(conn.execute(_REVISIONS, {"guild_ids": [list_id]}).all()).get(list_id, 0)
    return WordList(revision, tuple(conn.execute(_ENTRIES, {"key": list_id}).scalars()))


def count(conn: Connection, list_id: int) -> int:
    """Return how many entries a list has."""
    return int(conn.execute(_COUNT, {"key": list_id}).scalar_one())


def lock(conn: Connection, list_id: int) -> tuple[str, ...]:
    """Lock a list until the transaction ends, and return its entries."""
    conn.execute(_CREATE, {"guild_id": list_id, "revision": 0})
    conn.execute(_LOCK, {"guild_id": list_id})
    return read(conn, list_id).entries


def add(conn: Connection, list_id: int, entries: Collection[str], actor_id: int, now: float) -> None:
    """Add entries to a locked list that does not have them."""
    if entries:
        rows = [{"guild_id": list_id, "entry": entry, "added_at": now, "actor_id": actor_id} for entry in entries]
        conn.execute(_ADD, rows)
        conn.execute(_COUNT_UP, {"key": list_id})


def remove(conn: Connection, list_id: int, entries: Collection[str]) -> int:
    """Remove entries from a locked list. Returns how many it had."""
    removed = conn.execute(_REMOVE, {"key": list_id, "entries": list(entries)}).rowcount
    if removed:
        conn.execute(_COUNT_UP, {"key": list_id})
    return removed
