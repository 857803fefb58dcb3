"""What happened, kept apart from the world it happened to, so that promises can be checked against it.

Requests and gateway events are bounded logs (the newest `LOG_MAX`); facts about messages are all kept.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

LOG_MAX = 5000


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """One REST request. `violations` is None where nothing was checked, else what differs from the specification."""

    number: int
    at: float
    method: str
    path: str
    body: Any
    files: list[str]
    status: int
    """HTTP status; 0 when the connection was cut before an answer."""
    code: int | None
    """Discord's JSON error code."""
    response: Any
    violations: list[str] | None
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One gateway message. `data` is its `d`; the token of IDENTIFY and RESUME is left out."""

    number: int
    at: float
    direction: Literal["to bot", "from bot"]
    shard: int
    op: int
    name: str | None
    data: Any
    violations: list[str] | None


@dataclass(slots=True)
class MessageFact:
    """One message that was ever created, as it was created, and when it was deleted."""

    message_id: int
    channel_id: int
    author_id: int
    created_at: float
    content: str
    nonce: str | None
    attachments: list[str]
    visible_to: int | None
    interaction_id: int | None
    reply_to: int | None
    mentions: list[int]
    forward_of: int | None = None
    """The id of the message that it forwards."""
    edits: int = 0
    deleted_at: float | None = None


@dataclass(slots=True)
class Record:
    """What happened in one sandbox. `requests_seen` and `events_seen` count those that the logs have dropped, too."""

    requests: deque[RequestEntry] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    events: deque[EventEntry] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    facts: dict[int, MessageFact] = field(default_factory=dict)
    requests_seen: int = 0
    events_seen: int = 0

    def messages(self, channel_id: int | None = None, *, author_id: int | None = None) -> list[MessageFact]:
        """Return every message ever created, oldest first, deleted ones too."""
        return [
            fact
            for fact in self.facts.values()
            if channel_id in (None, fact.channel_id) and author_id in (None, fact.author_id)
        ]

    def violations(self) -> list[str]:
        """Return every difference from Discord's specification, as "POST /path: what"."""
        requests = [f"{e.method} {e.path}: {text}" for e in self.requests for text in e.violations or ()]
        events = [f"{e.direction} {e.name}: {text}" for e in self.events for text in e.violations or ()]
        return requests + events

    def requests_to(self, method: str, path_part: str) -> list[RequestEntry]:
        """Return the logged requests with this method whose path contains `path_part`."""
        return [entry for entry in self.requests if entry.method == method and path_part in entry.path]
