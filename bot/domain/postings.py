"""What became of the closing messages of jobs."""

from dataclasses import dataclass

DIRECT = "dm"
"""The outcome of a closing message that only the member got."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What became of a closing message. Moments are seconds since the epoch.

    `done_at` is None while the message is owed. `outcome` says how it was delivered. `channel_id` and `message_id` say
    where it was posted, and are None where it was not. `problem` is the last failure. `deleted_at` and `deleted_by` are
    None unless somebody deleted the message by its button.
    """

    done_at: float | None
    outcome: str | None
    channel_id: int | None
    message_id: int | None
    attempts: int
    copy: int
    problem: str | None
    deleted_at: float | None = None
    deleted_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether the message is where it was posted, as far as is known."""
        return self.message_id is not None and self.deleted_at is None
