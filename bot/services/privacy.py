"""What a member may know about their own data, and have done with it."""

import asyncio

from bot.domain.json_value import JsonObject
from bot.domain.privacy import ExportFile, Kept, export_files
from bot.storage import personal_data
from bot.storage.database import Database


class Privacy:
    """The use cases of `/privacy`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show(self, member_id: int) -> Kept:
        """Return how much is kept about a member."""
        return await self._database.read(personal_data.count, member_id)

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
