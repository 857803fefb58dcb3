"""Faults of the REST API: what to do to the next requests in place of answering them as Discord does."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(slots=True)
class RestFault:
    """What to do to the next `times` requests that match.

    `path` is a shell pattern over the path below /api/v10 (`/channels/*/messages`). With `status` the request gets
    that answer and is not processed. With `cut` the connection breaks in place of an answer: after the request was
    processed, or before it if `process` is false. `latency_seconds` delays all of that.
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
    """For status 429: seconds that the answer asks to wait."""
    via: bool = True
    """For status 429: whether the answer has the `Via` header, without which clients do not retry."""

    def matches(self, method: str, path: str) -> bool:
        """Return whether the fault applies to a request and is not used up."""
        return self.times > 0 and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class Faults:
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        self.pending: list[RestFault] = []
        """In the order in which they were added."""

    def add(self, fault: RestFault) -> None:
        """Let a fault wait for the requests that match it."""
        self.pending.append(fault)

    def clear(self) -> None:
        """Take all faults back."""
        self.pending.clear()

    def take(self, method: str, path: str) -> RestFault | None:
        """Return the first fault that applies to a request, and count that use; None if no fault applies."""
        for fault in self.pending:
            if fault.matches(method, path):
                fault.times -= 1
                self.pending = [other for other in self.pending if other.times > 0]
                return fault
        return None
