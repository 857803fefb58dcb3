"""Trouble on demand: for the next N requests, or with a probability, on one route or on all."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "latency", "error_before", "error_after", "cut_before", "cut_after", "rate_limited", "unauthorized",
    "payment_required", "garbage", "job_fails", "job_stuck", "job_without_result", "download_cut", "download_slow",
    "download_wrong_type",
]  # fmt: skip
Route = Literal["generate", "status", "history", "models", "media", "job", "any"]
"""`job` stands for each accepted job, `any` for every HTTP route of the provider."""
Garbage = Literal["not_json", "truncated", "huge", "empty", "wrong_json"]

JOB_KINDS = frozenset({"job_fails", "job_stuck", "job_without_result"})
DOWNLOAD_KINDS = frozenset({"download_cut", "download_slow", "download_wrong_type"})


@dataclass
class Fault:
    """One switched-on fault.

    `times` is how often it strikes before it is used up (None = until cleared); `probability` is tossed for each
    request that it could strike. `seconds` are real seconds (latency, Retry-After); `status` the HTTP status of an
    error; `style` how a garbage body looks; `refunded` and `message` what a failed job says; `fraction` how much of a
    download arrives before the cut; `bytes_per_second` the pace of a slow one.
    """

    kind: Kind
    route: Route = "generate"
    times: int | None = 1
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    style: Garbage = "not_json"
    refunded: bool = True
    message: str = "Generation failed at the provider"
    fraction: float = 0.5
    bytes_per_second: int = 65_536
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind) or self.route not in get_args(Route) or self.style not in get_args(Garbage):
            raise ValueError(f"unknown fault: kind={self.kind!r} route={self.route!r} style={self.style!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability must be between 0 and 1")
        if self.kind in JOB_KINDS:
            self.route = "job"
        elif self.kind in DOWNLOAD_KINDS:
            self.route = "media"


class Faults:
    """The switched-on faults, oldest first. Every method adds one and returns it."""

    def __init__(self, seed: int | None = None) -> None:
        self.active: list[Fault] = []
        self.history: list[Fault] = []
        self._random = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        self.active.append(fault)
        self.history.append(fault)
        return fault

    def clear(self) -> None:
        self.active.clear()

    def take(self, route: Route) -> list[Fault]:
        """What strikes one request (or job): any latency, and at most one other fault. Used-up faults are dropped."""
        struck: list[Fault] = []
        for fault in list(self.active):
            if fault.route != route and not (fault.route == "any" and route != "job"):
                continue
            if fault.kind != "latency" and any(other.kind != "latency" for other in struck):
                continue
            if self._random.random() >= fault.probability:
                continue
            fault.struck += 1
            struck.append(fault)
            if fault.times is not None and fault.struck >= fault.times:
                self.active.remove(fault)
        return struck

    # The methods below are the control route's kinds under names that read well in a test.

    def latency(self, seconds: float, route: Route = "generate", **options: Any) -> Fault:
        """Answers arrive `seconds` later."""
        return self.add(Fault("latency", route, seconds=seconds, **options))

    def error_before_accepting(self, status: int = 503, route: Route = "generate", **options: Any) -> Fault:
        """An error of the server, and nothing happened behind it."""
        return self.add(Fault("error_before", route, status=status, **options))

    def error_after_accepting(self, status: int = 502, route: Route = "generate", **options: Any) -> Fault:
        """An error of the server, although the job was accepted and charged."""
        return self.add(Fault("error_after", route, status=status, **options))

    def cut_before_accepting(self, route: Route = "generate", **options: Any) -> Fault:
        """The connection breaks; nothing happened behind it."""
        return self.add(Fault("cut_before", route, **options))

    def cut_after_accepting(self, route: Route = "generate", **options: Any) -> Fault:
        """The connection breaks after the job was accepted and charged."""
        return self.add(Fault("cut_after", route, **options))

    def rate_limited(self, retry_after: float = 5, route: Route = "generate", **options: Any) -> Fault:
        """429 with `Retry-After` in real seconds; not counted by the hourly limit."""
        return self.add(Fault("rate_limited", route, seconds=retry_after, **options))

    def unauthorized(self, route: Route = "generate", **options: Any) -> Fault:
        """401 as for a revoked key."""
        return self.add(Fault("unauthorized", route, **options))

    def payment_required(self, route: Route = "generate", **options: Any) -> Fault:
        """402 as for an empty account."""
        return self.add(Fault("payment_required", route, **options))

    def garbage(self, style: Garbage = "not_json", route: Route = "generate", **options: Any) -> Fault:
        """The request is handled, but its answer's body is useless."""
        return self.add(Fault("garbage", route, style=style, **options))

    def failing_jobs(self, *, refunded: bool = True, **options: Any) -> Fault:
        """Accepted jobs end as failed; `refunded` False keeps the credits."""
        return self.add(Fault("job_fails", refunded=refunded, **options))

    def stuck_jobs(self, **options: Any) -> Fault:
        """Accepted jobs stay in `processing` for ever."""
        return self.add(Fault("job_stuck", **options))

    def jobs_without_result(self, **options: Any) -> Fault:
        """Accepted jobs complete with empty `result_urls`."""
        return self.add(Fault("job_without_result", **options))

    def download_error(self, status: int = 404, **options: Any) -> Fault:
        """The result file answers with an error."""
        return self.add(Fault("error_before", "media", status=status, **options))

    def download_cut(self, fraction: float = 0.5, **options: Any) -> Fault:
        """The download breaks after this fraction of the promised bytes."""
        return self.add(Fault("download_cut", fraction=fraction, **options))

    def download_slow(self, bytes_per_second: int = 65_536, **options: Any) -> Fault:
        """The download trickles."""
        return self.add(Fault("download_slow", bytes_per_second=bytes_per_second, **options))

    def download_wrong_type(self, **options: Any) -> Fault:
        """200 with an HTML page in place of the video."""
        return self.add(Fault("download_wrong_type", **options))

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.active]
