"""What may be switched on or off while the sandbox runs: real rate limits, and faults of the REST API."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(slots=True)
class Fault:
    """What to do to the next `times` requests that match.

    `path` is a shell pattern over the path below /api/v10 (`/channels/*/messages`). With `status` the request is
    answered so without being processed. With `cut` the connection breaks in place of an answer: after the request was
    processed, or before if `process` is false. `latency_seconds` delays it first.
    """

    method: str = "*"
    path: str = "*"
    times: int = 1
    status: int | None = None
    code: int = 0
    latency_seconds: float = 0.0
    cut: bool = False
    process: bool = True
    retry_after_seconds: float = 1.0
    """For status 429; sent with the `Via` header, without which clients do not retry."""

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@dataclass(slots=True)
class Switches:
    rate_limits: bool = False
    """Enforce buckets, the global limit, 30046 for edits of old messages, and the gateway's limits."""
    privileged_intents: int = 0
    """Privileged gateway intents that the application has been granted."""
    faults: list[Fault] = field(default_factory=list)

    def take_fault(self, method: str, path: str) -> Fault | None:
        """The first fault that applies; it then has one use less."""
        for fault in self.faults:
            if fault.matches(method, path):
                fault.times -= 1
                self.faults = [other for other in self.faults if other.times > 0]
                return fault
        return None
