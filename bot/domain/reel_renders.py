"""The rendering of a reel to a film: where it is, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


class ReelRenderState(StrEnum):
    """Where the rendering of a reel is. The value is stored."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (ReelRenderState.WAITING, ReelRenderState.RUNNING)
"""States of a render that has not ended. A reel has at most one such render."""


@dataclass(frozen=True, slots=True)
class ReelRender:
    """A render of a reel. Moments are seconds since the epoch."""

    id: int
    reel_id: int
    guild_id: int
    channel_id: int
    """Where it was asked for: its card and its film go there."""
    asked_by: int
    asked_at: float
    state: ReelRenderState
    progress: int
    """Per cent of the pictures that are done."""
    attempts: int
    """How often a worker began it."""
    card_message_id: int | None
    message_channel_id: int | None
    message_id: int | None
    """Where the film was posted."""
    dropped: int
    """Clips that were gone, and so are not in the film."""
    duration_ms: int | None
    size_bytes: int | None
    """Of the film. None until it is made."""
    problem: str | None
    """Why it failed: a code."""
    ended_at: float | None
    deleted_at: float | None
