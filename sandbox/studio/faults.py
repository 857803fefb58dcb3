"""Faults on demand: for the next N requests, or with a probability, on one route or on all."""

import random
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "latency", "error_before", "error_after", "cut_before", "cut_after", "rate_limited", "unauthorized",
    "payment_required", "garbage", "job_fails", "job_stuck", "job_without_result", "download_cut", "download_slow",
    "download_wrong_type",
]  # fmt: skip
"""What goes wrong.

- `latency`: the answer arrives `seconds` later.
- `error_before`, `error_after`: an error `status`; before, nothing happened behind it; after, the job was accepted.
- `cut_before`, `cut_after`: the connection breaks in place of such an answer.
- `rate_limited`: 429 with `Retry-After: seconds`, which the hourly limit does not count.
- `unauthorized`: 401 as for a revoked key. `payment_required`: 402 as for an empty account.
- `garbage`: the request is handled, but its answer's body is useless; `style` says how it looks.
- `job_fails`: an accepted job ends as failed; with `refunded` False the credits are kept.
- `job_stuck`: an accepted job stays `processing` for ever.
- `job_without_result`: an accepted job completes with empty `result_urls`.
- `download_cut`: a download breaks after `fraction` of the promised bytes.
- `download_slow`: a download trickles with `bytes_per_second`.
- `download_wrong_type`: 200 with an HTML page in place of the video.
"""
Route = Literal["generate", "status", "history", "models", "media", "job", "any"]
"""Where it goes wrong. `job` stands for each accepted job, `any` for every HTTP route of the provider."""
Garbage = Literal["not_json", "truncated", "huge", "empty", "wrong_json"]

JOB_KINDS = frozenset({"job_fails", "job_stuck", "job_without_result"})
DOWNLOAD_KINDS = frozenset({"download_cut", "download_slow", "download_wrong_type"})


@dataclass
class StudioFault:
    """One fault that is switched on; `Kind` tells which of the fields each kind reads.

    `times` is how often it strikes before it is used up; None means until it is cleared. `probability` is tossed for
    each request that it could strike. `seconds` are real seconds. `message` is what a failed job says. `struck` counts.
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
        """Check the words, since a control route passes them on. Raises ValueError."""
        if self.kind not in get_args(Kind) or self.route not in get_args(Route) or self.style not in get_args(Garbage):
            raise ValueError(f"unknown fault: kind={self.kind!r} route={self.route!r} style={self.style!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability must be between 0 and 1")
        if self.kind in JOB_KINDS:
            self.route = "job"
        elif self.kind in DOWNLOAD_KINDS:
            self.route = "media"


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self, seed: int | None = None) -> None:
        self.active: list[StudioFault] = []
        self.history: list[StudioFault] = []
        """Every fault that was ever switched on."""
        self._random = random.Random(seed)

    def add(self, kind: Kind, route: Route = "generate", **fields: Any) -> StudioFault:
        """Switch on one more fault; `fields` are those of StudioFault.

        Raises ValueError for an unknown word, and TypeError for an unknown field.
        """
        fault = StudioFault(kind, route, **fields)
        self.active.append(fault)
        self.history.append(fault)
        return fault

    def clear(self) -> None:
        """Switch off all faults."""
        self.active.clear()

    def take(self, route: Route) -> list[StudioFault]:
        """Return what strikes one request (or job): any latency, and at most one other fault.

        Faults that are used up are switched off.
        """
        struck: list[StudioFault] = []
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

    def to_json(self) -> list[dict[str, Any]]:
        """Return the active faults as plain objects."""
        return [asdict(fault) for fault in self.active]
