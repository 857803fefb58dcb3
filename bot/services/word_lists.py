"""Word lists: a guild's own and the owner's for all guilds. Who may change which is checked by whoever calls."""

from collections.abc import Collection

from sqlalchemy import Connection

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.moderation import Stop
from bot.domain.word_list import Additions, add_lines
from bot.engine.context import EngineContext
from bot.storage import audit, word_lists


class WordLists:
    """Reads and changes word lists. A list is named by its guild's id; ALL_GUILDS names the owner's."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def entries(self, list_id: int) -> tuple[str, ...]:
        """Return a list's entries, the oldest first."""
        return (await self._context.database.read(word_lists.read, list_id)).entries

    async def count(self, list_id: int) -> int:
        """Return how many entries a list has."""
        return await self._context.database.read(word_lists.count, list_id)

    async def last_change(self, list_id: int) -> AuditEntry | None:
        """Return who changed a list last, and when; None if nobody ever did."""
        return await self._context.database.read(audit.latest_of_action, list_id, AuditAction.CHANGE_WORDS)

    async def add(self, list_id: int, actor_id: int, lines: str) -> Additions:
        """Add lines to a list, each by itself: those that cannot be entries are told, the others are added."""

        def write(conn: Connection) -> Additions:
            additions = add_lines(word_lists.lock(conn, list_id), lines)
            now = self._context.clock()
            word_lists.add(conn, list_id, additions.added, actor_id, now)
            if additions.added:
                data = {"added": len(additions.added), "removed": 0}
                audit.record(conn, list_id, actor_id, AuditAction.CHANGE_WORDS, dict(data), now)
            return additions

        return await self._context.database.write(write)

    async def remove(self, list_id: int, actor_id: int, entries: Collection[str]) -> int:
        """Remove entries from a list. Returns how many it had."""

        def write(conn: Connection) -> int:
            word_lists.lock(conn, list_id)
            removed = word_lists.remove(conn, list_id, entries)
            if removed:
                data = {"added": 0, "removed": removed}
                audit.record(conn, list_id, actor_id, AuditAction.CHANGE_WORDS, dict(data), self._context.clock())
            return removed

        return await self._context.database.write(write)

    async def dry_run(self, guild_id: int, text: str) -> tuple[Stop, ...]:
        """Return what would stop a request with this text in a guild; with ALL_GUILDS, what the owner's list would."""
        return await self._context.guards.dry_run(guild_id, text)
