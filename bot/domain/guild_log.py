"""The log that moderators read in a channel of their guild, as data. The words are `bot.discord_ui`'s."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.json_value import JsonObject


class LogKind(StrEnum):
    """What happened. Each member names the keys of its data."""

    REQUESTED = "requested"
    """`job_id`: a member's request was accepted."""
    ENDED = "ended"
    """`job_id`: the job ended, and its member was told."""
    DELETED = "deleted"
    """`job_id` and `actor_id`: somebody deleted a result."""
    CHANGED = "changed"
    """`actor_id`, `action` and `data` of an entry of the audit log."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line. `created_at` is in seconds since the epoch."""

    kind: LogKind
    data: JsonObject
    created_at: float
