"""What a member may know about their own data, and have done with it."""

import asyncio
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.json_value import JsonObject
from bot.domain.privacy import ExportFile, Kept, Policy, export_files
from bot.engine.context import EngineContext
from bot.storage import erasing, erasures, personal_data


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
