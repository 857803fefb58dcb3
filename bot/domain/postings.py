"""What became of the closing messages of jobs."""

from dataclasses import dataclass
from enum import StrEnum

DIRECT = "dm"
"""The outcome of a closing message that only the member got."""
UNDELIVERABLE = "undeliverable"
"""The outcome of a closing message that nobody takes."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What became of a closing message. Moments are seconds since the epoch.

    `done_at` is None while the message is owed. `outcome` says how it was delivered. `channel_id` and `message_id` say
    where it was posted, and are None where it was not, or where the channel is gone. `problem` is the last failure.
    `deleted_at` is None while the message stands, as far as is known. `deleted_by` is who deleted it by its button;
    None for a message that was found to be gone. Only moderators can delete the bot's messages without its button.
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

    def removed_by_others(self, member_id: int) -> bool:
        """Whether somebody other than the job's member deleted the message. That is final."""
        return self.deleted_at is not None and self.deleted_by != member_id


class PostedKind(StrEnum):
    """What a message is that stands on Discord about a job that has ended."""

    CLOSING = "closing"
    """A closing message: the first one, or a copy that the member had posted again."""
    CARD = "card"
    """What is left of the card: a line with the link to the closing message, or what could not be deleted."""


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message that stands on Discord about a job that has ended."""

    job_id: str
    channel_id: int
    message_id: int
