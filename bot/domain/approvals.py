"""Requests that wait for a moderator's decision."""

from dataclasses import dataclass
from enum import StrEnum

APPROVAL_SECONDS = 86_400.0
"""Seconds that a request waits for a decision before it is taken back."""


class Decision(StrEnum):
    """How a question to the moderators ended."""

    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """The job ended in another way, for example cancelled by its member."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One question to the moderators. `decision` is None while it is open; times are seconds since the epoch."""

    job_id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    """The card in the channel; None while it is not known to be posted."""
    asked_at: float
    ends_at: float
    decision: Decision | None
    actor_id: int | None
    """The moderator who decided; None for the bot itself."""
