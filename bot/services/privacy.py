"""What a member may know about their own data, and have done with it."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.json_value import JsonObject
from bot.domain.privacy import ExportFile, Kept, Policy, export_files
from bot.engine.context import EngineContext
from bot.storage import departures, erasing, erasures, guild_erasing, personal_data


class Privacy:
    """The use cases of `/privacy`."""

    def __init__(self, context: EngineContext, policy: Policy) -> None:
        self.policy = policy
        self._context = context
        self._database = context.database

    async def show(self, member_id: int) -> Kept:
        """Return how much is kept about a member."""

        def read(conn: Connection) -> Kept:
            return replace(personal_data.count(conn, member_id), erasures=erasures.count(conn, member_id))

        return await self._database.read(read)

    async def export(self, member_id: int, size_max: int) -> list[ExportFile]:
        """Return everything that is kept about a member, as files of at most `size_max` bytes.

        Jobs are read a page at a time, each in a transaction of its own, so that nobody else waits for it.
        """
        sections = dict(await self._database.read(lambda conn: list(personal_data.rows_about(conn, member_id))))
        jobs: list[JsonObject] = []
        after: str | None = ""
        while after is not None:
            page, after = await self._database.read(personal_data.jobs_page, member_id, after)
            jobs += page
        return await asyncio.to_thread(export_files, {"jobs": jobs, **sections}, size_max)

    async def erase(self, member_id: int, guild_id: int | None, *, delete_messages: bool) -> None:
        """Have a member's data erased in one guild, or everywhere if it is None. A worker does it, from now on.

        Asked for twice, it is done once, up to the later moment.
        """
        now = self._context.clock()

        def write(conn: Connection) -> None:
            guild_ids = erasing.guilds_of(conn, member_id) if guild_id is None else [guild_id]
            erasures.request(conn, member_id, guild_ids, delete_messages=delete_messages, now=now)

        await self._database.write(write)
        self._context.wake_events.erase.set()

    async def forget_guild(self, guild_id: int) -> None:
        """Have everything erased that is kept about a guild and its members. For owners only."""
        now = self._context.clock()

        def write(conn: Connection) -> None:
            departures.forgotten(conn, guild_id, now)
            guild_erasing.forget(conn, guild_id, now)

        await self._database.write(write)
        self._context.wake_events.erase.set()

    async def guild_left(self, guild_id: int) -> None:
        """Note that the bot is not in a guild any more. Its data is kept for a return, and erased later."""
        await self._database.write(departures.left, guild_id, self._context.clock())

    async def guild_joined(self, guild_id: int) -> None:
        """Note that the bot is in a guild, again or for the first time."""
        await self._database.write(departures.back, [guild_id])

    async def reconcile_guilds(self, present: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Note which guilds the bot has left, or come back to, while this process did not hear of it.

        `is_ours` tells of which guilds this process hears, if the bot is in them.
        """
        await self._database.write(departures.reconcile, present, is_ours, self._context.clock())
