"""What the provider says about one render, whichever of its answers said it (status or history)."""

from dataclasses import dataclass
from enum import StrEnum


class RenderState(StrEnum):
    """The provider's states. UNREADABLE means that it answered with a state that is not known: ask again later."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    UNREADABLE = "unreadable"

    @property
    def final(self) -> bool:
        return self in (RenderState.COMPLETED, RenderState.FAILED)


@dataclass(frozen=True, slots=True)
class RenderReport:
    """One render as last reported. What the answer did not say is None; times are seconds since the epoch, UTC."""

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
