"""What the provider says about one render, whichever of its answers said it (status or history)."""

from dataclasses import dataclass
from enum import StrEnum


class RenderState(StrEnum):
    """The provider's states. UNREADABLE means that the answer has no state that is known: ask again later."""

    CLAIMED = "claimed"
    """Not the provider's: an owner named the render, and the provider has not told of it yet."""
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    UNREADABLE = "unreadable"

    @property
    def final(self) -> bool:
        """Return whether the state never changes again."""
        return self in (RenderState.COMPLETED, RenderState.FAILED)


@dataclass(frozen=True, slots=True)
class RenderReport:
    """One render as the provider reported it. Facts that the answer does not state are None.

    Times are in seconds since the epoch, UTC. A history may state what was asked for: `model_slug`, `prompt`,
    `input_urls`, `aspect_ratio`, `duration` (seconds), `quality` and `sound`. `unknown_status` is the provider's status
    word if it is none that is known; the owner must hear of it, because `state` is UNREADABLE or a guess then.
    """

    remote_id: str
    state: RenderState
    result_urls: tuple[str, ...] = ()
    credits_charged: int | None = None
    credits_refunded: bool | None = None
    error_message: str | None = None
    model_slug: str | None = None
    prompt: str | None = None
    input_urls: tuple[str, ...] = ()
    created_at: float | None = None
    completed_at: float | None = None
    aspect_ratio: str | None = None
    duration: int | None = None
    quality: str | None = None
    sound: bool | None = None
    last_frame_url: str | None = None
    """Where the provider has the last frame, if it was asked for."""
    unknown_status: str | None = None
