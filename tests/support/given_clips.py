"""Clips that a test lays down, in place of those that Discord and the provider have."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from bot.engine.clips import ClipAddresses, ClipGone, ClipProblem, ClipUnavailable
from bot.engine.context import EngineContext
from bot.media.clips import Clips
from bot.media.download import Downloads


class GivenClips(Clips):
    """Has the files of `given`; what may be used of them is decided as usual. `trouble` is raised for every clip."""

    def __init__(self, context: EngineContext) -> None:
        folder = Path(tempfile.gettempdir())
        super().__init__(context, Downloads(folder, "https://provider.invalid"), cast("ClipAddresses", None))
        self.given: dict[str, Mapping[int, Path]] = {}
        """Job id → the files of its clips by position."""
        self.trouble: ClipUnavailable | None = None
        self.fetched = 0

    async def fetch(self, name: str, job_id: str, position: int, *, age_restricted_place: bool = False) -> Path:
        await self.check(job_id, age_restricted_place=age_restricted_place)
        self.fetched += 1
        if self.trouble is not None:
            raise self.trouble
        found = self.given.get(job_id, {}).get(position)
        if found is None:
            raise ClipGone(ClipProblem.LOST)
        return Path(shutil.copy(found, found.with_name(f"{name}{found.suffix}")))

    async def given_last_frame(self, name: str, job_id: str, position: int) -> Path | None:
        return None

    async def count(self, job_id: str) -> int:
        return len(self.given.get(job_id, {}))

    async def discard(self, name: str) -> None:
        for files in self.given.values():
            for path in files.values():
                path.with_name(f"{name}{path.suffix}").unlink(missing_ok=True)
