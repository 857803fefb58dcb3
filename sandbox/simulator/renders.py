"""The provider's own truth: every render that it made, for whom, and what it took for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PENDING_SHARE = 0.2
"""Share of a render's time that it waits."""


@dataclass
class Render:
    """One render. Moments are true ones; `job_id` is the bot's job that asked, None for somebody else's render."""

    remote_id: str
    job_id: str | None
    payload: Mapping[str, Any]
    created_at: float
    run_seconds: float
    charged: int
    fails: bool
    keeps: bool
    """Whether a failed render's charge is kept."""
    named: bool = False
    """Whether the bot was told of it, by an answer that arrived or in a history."""
    also_for: list[str] = field(default_factory=list)
    """Jobs whose identical requests were given this render."""

    def progress(self, now: float) -> float:
        """Return the share of its time that has passed."""
        return (now - self.created_at) / self.run_seconds

    def ended(self, now: float) -> bool:
        """Return whether it is over."""
        return self.progress(now) >= 1

    def net(self, now: float) -> int:
        """Return what the provider has taken for it and not given back."""
        return 0 if self.fails and not self.keeps and self.ended(now) else self.charged
