"""What a server's gallery shows, in which order, and when the likes of a result are counted."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

HOUR, DAY = 3_600.0, 86_400.0

LOOKED_AT_SECONDS_MAX = 30 * DAY
"""Seconds for which a result is looked at by itself. Later its likes are counted when somebody reacts, or looks."""
LOOK_SECONDS_MIN, LOOK_SECONDS_MAX = HOUR, DAY
"""Seconds from one look at a result to the next, if nothing happens: at least, and at most."""


class GalleryKind(StrEnum):
    """What an entry of the gallery is."""

    VIDEO = "video"
    """The closing message of a job."""
    REEL = "reel"
    """The message of a rendered reel."""


class GalleryOrder(StrEnum):
    """Which entries come first. The short names stand in custom ids."""

    NEWEST = "new"
    BEST_OF_WEEK = "week"
    """Most liked, of those that were posted within seven days."""
    BEST_OF_MONTH = "month"
    """Likewise, within thirty days."""
    BEST = "best"
    """Most liked, of all."""

    @property
    def seconds(self) -> float | None:
        """How far back the entries go, in seconds; None for all."""
        return {GalleryOrder.BEST_OF_WEEK: 7 * DAY, GalleryOrder.BEST_OF_MONTH: 30 * DAY}.get(self)


@dataclass(frozen=True, slots=True)
class GalleryFilter:
    """What somebody wants to see. `page` counts from 0.

    `model` is the key of a model (`model_key`), or that of REELS for reels; None is everything. `member_id` is the
    maker; None is anybody.
    """

    order: GalleryOrder = GalleryOrder.NEWEST
    model: str | None = None
    member_id: int | None = None
    page: int = 0


REELS = "reels"
"""Stands for a model where only reels are wanted."""


@dataclass(frozen=True, slots=True)
class GalleryEntry:
    """A posted result, as it is kept. Moments are seconds since the epoch.

    `source_id` is the job's id, or that of the rendering. `place_id` is the channel whose permissions hold: for a
    thread the channel that it is in. It is None while nobody has looked. `counted_at` is None until then, too.
    """

    kind: GalleryKind
    source_id: str
    guild_id: int
    channel_id: int
    message_id: int
    place_id: int | None
    member_id: int
    model_slug: str | None
    posted_at: float
    likes: int
    counted_at: float | None


def model_key(slug: str) -> str:
    """Return eight characters that stand for a model, or for REELS, where there is no room for a slug."""
    return hashlib.sha256(slug.encode()).hexdigest()[:8]


def next_look(posted_at: float, now: float) -> float | None:
    """Return when a result is looked at next if nobody reacts; None: not by itself.

    The pauses grow with its age, so that a result costs about forty looks in all.
    """
    age = now - posted_at
    if age >= LOOKED_AT_SECONDS_MAX:
        return None
    return now + min(max(age, LOOK_SECONDS_MIN), LOOK_SECONDS_MAX)
