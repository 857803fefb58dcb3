"""Word lists as this process has compiled them. A list is compiled anew when its revision in the database changes."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from bot.domain.guard import Guard
from bot.domain.moderation import ALL_GUILDS, Stop
from bot.storage import guild_settings, word_lists
from bot.storage.database import Database

log = logging.getLogger(__name__)

COMPILED_MAX = 64
"""Lists that are kept compiled: those that were used last."""
STOPS_SHOWN_MAX = 20
"""Entries that a dry run names."""


class Guards:
    """Decide which entry of a guild's list, or of the owner's for all guilds, stops a request."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compiled: OrderedDict[tuple[int, bool], tuple[int, Guard]] = OrderedDict()

    async def check(self, guild_id: int, texts: Collection[str]) -> Stop | None:
        """Return the entry that stops a request with these texts; None where none does."""
        for list_id, guard in await self._guards(guild_id):
            if guard.has_patterns:
                # RE2 lets other threads run while it searches.
                entry = await asyncio.to_thread(guard.first, texts)
            else:
                entry = guard.first(texts)
            if entry is not None:
                return Stop(entry, owners=list_id == ALL_GUILDS)
        return None

    async def dry_run(self, guild_id: int, text: str) -> tuple[Stop, ...]:
        """Return the entries that a text has, at most STOPS_SHOWN_MAX."""
        found: dict[Stop, None] = {}
        for list_id, guard in await self._guards(guild_id):
            for entry in await asyncio.to_thread(_some, guard.matches(text)):
                found.setdefault(Stop(entry, owners=list_id == ALL_GUILDS))
        return tuple(found)[:STOPS_SHOWN_MAX]

    async def _guards(self, guild_id: int) -> list[tuple[int, Guard]]:
        revisions, leet = await self._database.read(_state, guild_id)
        return [
            (list_id, await self._compile(list_id, revisions[list_id], leet=leet))
            for list_id in (guild_id, ALL_GUILDS)
            if list_id in revisions
        ]

    async def _compile(self, list_id: int, revision: int, *, leet: bool) -> Guard:
        key = (list_id, leet)
        kept = self._compiled.get(key)
        if kept is None or kept[0] != revision:
            stored = await self._database.read(word_lists.read, list_id)
            kept = stored.revision, await asyncio.to_thread(Guard, stored.entries, leet=leet)
            if kept[1].unreadable:
                log.error(
                    "%d entries of a word list cannot be read by this version and stop nothing",
                    len(kept[1].unreadable),
                    extra={"action": "compile_words", "guild": list_id},
                )
            self._compiled[key] = kept
            while len(self._compiled) > COMPILED_MAX:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(key)
        return kept[1]


def _state(conn: Connection, guild_id: int) -> tuple[dict[int, int], bool]:
    return word_lists.revisions(conn, guild_id), guild_settings.settings_of(conn, guild_id).leetspeak


def _some(entries: Iterator[str]) -> list[str]:
    found: dict[str, None] = {}
    for entry in entries:
        found.setdefault(entry)
        if len(found) == STOPS_SHOWN_MAX:
            break
    return list(found)
