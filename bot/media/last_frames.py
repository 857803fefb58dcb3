"""The last frames of clips, with which their continuations begin."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.domain.attachments import ON_CARD, Attachment, CardFile
from bot.domain.clock import Clock
from bot.engine.clips import ClipGone, ClipProblem, ClipUnreachable
from bot.media.clips import Clips
from bot.media.frames import BYTES_MAX, Frames, NoFrame
from bot.media.limited_process import tool_available

log = logging.getLogger(__name__)

SECONDS_MAX = 120.0
"""Seconds that fetching a clip and taking its frame may take. Somebody waits for it."""
KEPT_MAX = 16
"""Frames that are kept in memory, the latest: a member looks at one, and asks for its continuation soon."""
KEPT_SECONDS = 900.0
"""Seconds for which a frame is kept."""
_PREFIX = "last-frame-"
_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class LastFrame:
    """The last frame of a clip, as a file that travels on the card of the request that begins with it."""

    file: CardFile
    width: int | None
    height: int | None
    """Pixels; None where that is not known."""

    @property
    def attachment(self) -> Attachment:
        """The frame as an option's value."""
        name = self.file.filename
        kind = _TYPES[Path(name).suffix]
        return Attachment(f"{ON_CARD}{name}", name, kind, len(self.file.content), self.width, self.height)


class LastFrames:
    """Take the last frames of clips."""

    def __init__(self, clock: Clock, clips: Clips, frames: Frames) -> None:
        self._clock = clock
        self._clips = clips
        self._frames = frames
        self._numbers = count(1)
        self._kept: OrderedDict[tuple[str, int], tuple[LastFrame, float]] = OrderedDict()

    async def of(self, job_id: str, position: int, *, age_restricted_place: bool) -> LastFrame:
        """Return the last frame of a clip. `age_restricted_place` is as in `Clips.fetch`.

        Raises ClipGone and ClipUnreachable.
        """
        await self._clips.check(job_id, age_restricted_place=age_restricted_place)
        known = self._kept.get((job_id, position))
        if known is not None and known[1] > self._clock() - KEPT_SECONDS:
            return known[0]
        name = f"frame{next(self._numbers)}"
        try:
            async with asyncio.timeout(SECONDS_MAX):
                frame = await self._given(name, job_id, position)
                if frame is None:
                    frame = await self._take(name, job_id, position, age_restricted_place)
        except TimeoutError:
            raise ClipUnreachable from None
        finally:
            await self._clips.discard(name)
        self._kept[job_id, position] = frame, self._clock()
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return frame

    async def _given(self, name: str, job_id: str, position: int) -> LastFrame | None:
        """Return the frame that the provider itself gave; None where it gave none that can be used."""
        path = await self._clips.given_last_frame(name, job_id, position)
        if path is None or (await asyncio.to_thread(path.stat)).st_size > BYTES_MAX:
            return None
        content = await asyncio.to_thread(path.read_bytes)
        return LastFrame(CardFile(_filename(job_id, position, path.suffix), content), None, None)

    async def _take(self, name: str, job_id: str, position: int, age_restricted_place: bool) -> LastFrame:
        if not tool_available():
            raise ClipGone(ClipProblem.NO_TOOL)
        try:
            clip = await self._clips.fetch(name, job_id, position, age_restricted_place=age_restricted_place)
            # A PNG of such a picture has several times the bytes, and each is kept, posted and fetched.
            taken = await self._frames.last(clip, clip.with_name(f"{clip.stem}-last.jpg"))
            content = await asyncio.to_thread(taken.path.read_bytes)
        except NoFrame as error:
            log.info("job %s: no last frame of its clip: %s", job_id, error, extra={"action": "last_frame"})
            raise ClipGone(ClipProblem.NO_PICTURE) from error
        filename = _filename(job_id, position, taken.path.suffix)
        return LastFrame(CardFile(filename, content), taken.width, taken.height)


def is_last_frame(file: Attachment) -> bool:
    """Tell whether a file of a request is the last frame of a clip."""
    return file.on_card and file.filename.startswith(_PREFIX)


def _filename(job_id: str, position: int, suffix: str) -> str:
    return f"{_PREFIX}{job_id}-{position + 1}{suffix}"
