"""What this process counts and times for Prometheus. No label names a guild or a member."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

LABEL_VALUES_MAX = 200
"""Values of one label. Further ones are counted as `other`, so that no name from outside makes series without end."""
OTHER = "other"

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)
"""Bounds in seconds for what a member waits for; Discord gives three."""
_SLOW = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400)
"""Bounds in seconds for what happens behind."""


class Metrics:
    """The counters and timers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._known: dict[str, set[str]] = {}
        self._provider = Counter(
            "reelmaker_provider_answers",
            "Answers of the provider by request and kind: ok, or the error that the answer meant.",
            ("request", "kind"),
            registry=self.registry,
        )
        self._provider_seconds = Histogram(
            "reelmaker_provider_seconds",
            "Seconds until the provider answered.",
            ("request",),
            registry=self.registry,
            buckets=_QUICK,
        )
        self._deliveries = Counter(
            "reelmaker_deliveries", "Closing messages by the way they went.", ("way",), registry=self.registry
        )
        self._delivery_seconds = Histogram(
            "reelmaker_delivery_seconds",
            "Seconds from a job's end to its closing message.",
            registry=self.registry,
            buckets=_SLOW,
        )
        self._interactions = Histogram(
            "reelmaker_interaction_seconds",
            "Seconds that a command or a press took from its arrival to the end of its handler.",
            ("name",),
            registry=self.registry,
            buckets=_QUICK,
        )
        self._database = Histogram(
            "reelmaker_database_seconds",
            "Seconds that a transaction took, with the wait for its turn.",
            ("kind",),
            registry=self.registry,
            buckets=_QUICK,
        )

    def provider_answered(self, request: str, kind: str, seconds: float) -> None:
        """Count an answer of the provider. `kind` is `ok` or the name of an error of `bot.studio.errors`."""
        self._provider.labels(request, kind).inc()
        self._provider_seconds.labels(request).observe(seconds)

    def delivered(self, way: str, seconds: float | None) -> None:
        """Count a closing message. `seconds` since its job's end; None for one that was asked for again."""
        self._deliveries.labels(way).inc()
        if seconds is not None:
            self._delivery_seconds.observe(max(0.0, seconds))

    def interaction_handled(self, name: str, seconds: float) -> None:
        """Time the handling of a command or of a press."""
        self._interactions.labels(self._bounded("name", name)).observe(seconds)

    def transaction_ended(self, kind: str, seconds: float) -> None:
        """Time a transaction: `read` or `write`."""
        self._database.labels(kind).observe(seconds)

    def _bounded(self, label: str, value: str) -> str:
        known = self._known.setdefault(label, set())
        if value not in known and len(known) >= LABEL_VALUES_MAX:
            return OTHER
        known.add(value)
        return value
