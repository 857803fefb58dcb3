"""Look at the clips of reels: how long and how large each is, and a small picture for the panel."""

import asyncio
import logging
from pathlib import Path

from bot.domain.films import ClipFacts
from bot.engine.clips import ClipGone, ClipUnreachable
from bot.engine.context import EngineContext
from bot.engine.reel_panels import ReelPanelKeeper
from bot.media.clip_facts import Unreadable, clip_facts
from bot.media.clips import Clips
from bot.media.frames import Frames, NoFrame
from bot.storage import reel_looks, reel_parts
from bot.storage.reel_looks import Look

log = logging.getLogger(__name__)

LEASE_SECONDS = 600.0
"""Seconds for which a clip belongs to the worker that took it: longer than fetching and looking may take."""
AGAIN_SECONDS = 60.0
"""Seconds until a clip is tried again that cannot be fetched now."""


class ReelLooks:
    """One step looks at one clip. Whether the place of a panel may show its picture is asked where it is drawn."""

    def __init__(self, context: EngineContext, clips: Clips, panels: ReelPanelKeeper) -> None:
        self._context = context
        self._clips = clips
        self._frames = Frames()
        self._panels = panels

    async def step(self) -> float:
        """Look at the next clip that is due, and return the seconds to the one after it."""
        context, database = self._context, self._context.database
        look = await database.write(reel_looks.claim, context.clock(), LEASE_SECONDS)
        if look is None:
            return context.seconds_until(await database.read(reel_looks.next_due))
        fields = {"action": "look_at_clip", "job": look.job_id}
        try:
            facts, picture = await self._look(look)
        except ClipUnreachable:
            log.info("a reel's clip cannot be fetched now", extra=fields)
            await database.write(reel_looks.later, look.part_id, context.clock() + AGAIN_SECONDS)
            return 0.0
        except (ClipGone, Unreadable) as problem:
            log.info("a reel's clip is not looked at: %s", problem, extra=fields)
            await database.write(reel_looks.give_up, look.job_id, look.file_position)
        else:
            await database.write(reel_parts.note_facts, look.job_id, look.file_position, facts, picture)
        # Also where nothing was seen: the panel says that a video was being made.
        await self._panels.refresh(look.guild_id, look.reel_id, part_id=look.part_id)
        return 0.0

    async def _look(self, look: Look) -> tuple[ClipFacts, bytes | None]:
        name = f"look_{look.part_id}"
        path = await self._clips.fetch(name, look.job_id, look.file_position, age_restricted_place=True)
        try:
            return await clip_facts(path), await self._picture(path, look)
        finally:
            await self._clips.discard(name)

    async def _picture(self, video: Path, look: Look) -> bytes | None:
        target = video.with_name(f"{video.stem}-small.jpg")
        try:
            frame = await self._frames.thumbnail(video, target)
            return await asyncio.to_thread(frame.path.read_bytes)
        except NoFrame as problem:
            log.info("a reel's clip has no picture: %s", problem, extra={"action": "look_at_clip", "job": look.job_id})
            return None
