"""What *Continue* needs of a clip."""

from bot.media.clips import Clips
from bot.media.last_frames import LastFrame, LastFrames


class Continuations:
    """Looks at clips that are to be continued. Taking a frame may take as long as fetching a video."""

    def __init__(self, clips: Clips, last_frames: LastFrames) -> None:
        self._clips = clips
        self._last_frames = last_frames

    async def count(self, job_id: str) -> int:
        """Return how many clips a job has made."""
        return await self._clips.count(job_id)

    async def last_frame(self, job_id: str, position: int, *, age_restricted_place: bool) -> LastFrame:
        """Return the last frame of the clip at `position`, counted from 0.

        `age_restricted_place` says that its continuation is shown in an age-restricted channel. Raises ClipGone and
        ClipUnreachable.
        """
        return await self._last_frames.of(job_id, position, age_restricted_place=age_restricted_place)
