"""What a reel is: clips of a community in an order, with title cards between them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.films import ClipFacts, Fit, Transition


class ReelAccess(StrEnum):
    """Who may add clips to a reel beside its maker and the moderators. The value is stored."""

    EVERYBODY = "everybody"
    NAMED = "named"
    """The people whom the maker or a moderator named."""
    CLOSED = "closed"
    """Nobody else."""


class ClipCondition(StrEnum):
    """Whether a clip can be in a film."""

    READY = "ready"
    COMING = "coming"
    """Its job has not ended."""
    GONE = "gone"
    """Its job brought no video, or the video was deleted."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A reel without its parts. Moments are seconds since the epoch."""

    id: int
    guild_id: int
    channel_id: int
    """Where it was made."""
    maker_id: int
    title: str
    """Empty where the member who wrote it had their data erased."""
    version: int
    """Counts the changes. A press on a panel of an older version changes nothing.

    A clip that is added at the end is none: what an older panel shows is still true.
    """
    access: ReelAccess
    fit: Fit
    credits: bool
    """Whether the makers of the clips are named at the end."""
    created_at: float
    changed_at: float
    panel_channel_id: int | None
    panel_message_id: int | None
    """Where its latest panel stands."""


@dataclass(frozen=True, slots=True)
class ReelClip:
    """A clip in a reel: one file of a job's result. Times are milliseconds of the clip."""

    id: int
    transition: Transition
    """How it follows what is before it."""
    added_by: int
    job_id: str
    file_position: int
    """Which of the job's results it is, from 0."""
    maker_id: int
    """Who asked for the video."""
    model_name: str
    prompt: str
    age_restricted: bool
    """Whether the owner keeps its model to age-restricted channels."""
    condition: ClipCondition
    start_ms: int
    end_ms: int | None
    """None: it ends where its file ends."""
    sound: bool
    facts: ClipFacts | None
    """What the whole clip is like. None until somebody has looked at its file."""


@dataclass(frozen=True, slots=True)
class TitleCard:
    """Words that stand for some seconds in a reel."""

    id: int
    transition: Transition
    added_by: int
    text: str
    seconds: float


ReelPart = ReelClip | TitleCard
