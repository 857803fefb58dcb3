"""What the sandbox saw and did, apart from what it answers, so that checks need not trust the caller's own books."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

REQUESTS_KEPT_MAX = 20_000
"""Requests that are remembered. POSTs, jobs and money are kept for ever; polls must not fill the memory."""
HOUR_SECONDS = 3600.0


@dataclass
class PostRecord:
    """One generate POST. `status` is None when the connection was cut instead of answered."""

    at: float
    path: str
    body: Any
    account: str | None = None
    status: int | None = None
    error: str | None = None
    job_ids: list[str] = field(default_factory=list)
    fault: str | None = None


@dataclass(frozen=True)
class RequestRecord:
    """Any request to the provider's routes; `status` None = cut."""

    at: float
    method: str
    path: str
    route: str
    status: int | None


@dataclass(frozen=True)
class LedgerEntry:
    """A change of an account's balance in credits; `amount` is negative for a charge. `set` is a control's doing."""

    at: float
    account: str
    kind: Literal["set", "charge", "refund"]
    amount: int
    job_id: str | None = None


@dataclass
class Records:
    """Everything in the order in which it happened; times are the sandbox clock's, in seconds since the epoch."""

    posts: list[PostRecord] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    requests: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=REQUESTS_KEPT_MAX))
    request_counts: Counter[str] = field(default_factory=Counter)

    def note_request(self, record: RequestRecord) -> None:
        """Keep a request and count it."""
        self.requests.append(record)
        self.request_counts[record.route] += 1

    def charged_by_job(self) -> dict[str, int]:
        """Return the credits charged and kept (charges less refunds) of every job."""
        sums: Counter[str] = Counter()
        for entry in self.ledger:
            if entry.job_id is not None:
                sums[entry.job_id] -= entry.amount
        return dict(sums)

    def charged(self, job_id: str | None = None) -> int:
        """Return the credits charged and kept of one job, or of all together."""
        by_job = self.charged_by_job()
        return sum(by_job.values()) if job_id is None else by_job.get(job_id, 0)

    def accepted_posts(self) -> list[PostRecord]:
        """List the POSTs that started a generation, answered or not."""
        return [post for post in self.posts if post.job_ids]

    def posts_in_any_hour_max(self) -> int:
        """Return the most generate POSTs of one account in any 60 minutes."""
        by_account: dict[str, list[float]] = {}
        for post in self.posts:
            if post.account is not None:
                by_account.setdefault(post.account, []).append(post.at)
        return max((_densest(times) for times in by_account.values()), default=0)

    def totals(self) -> dict[str, int]:
        """Return counts and credits for a quick look; `credits_net` is what the provider has earned."""
        sums: Counter[str] = Counter()
        for entry in self.ledger:
            sums[entry.kind] += entry.amount
        return {
            "posts": len(self.posts),
            "posts_accepted": len(self.accepted_posts()),
            "posts_in_any_hour_max": self.posts_in_any_hour_max(),
            "jobs": sum(len(post.job_ids) for post in self.posts),
            "credits_charged": -sums["charge"],
            "credits_refunded": sums["refund"],
            "credits_net": -sums["charge"] - sums["refund"],
            "requests": self.request_counts.total(),
        }

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain objects."""
        return {
            "totals": self.totals(),
            "request_counts": dict(self.request_counts),
            "posts": [asdict(post) for post in self.posts],
            "ledger": [asdict(entry) for entry in self.ledger],
            "requests": [asdict(request) for request in self.requests],
        }


def _densest(times: Iterable[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for moment in times:
        window.append(moment)
        while window[0] <= moment - HOUR_SECONDS:
            window.popleft()
        most = max(most, len(window))
    return most
