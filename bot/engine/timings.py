"""Every waiting time of the engine that is not the provider's or Discord's own rule, in one place."""

from dataclasses import dataclass

IDLE_SECONDS_MIN = 0.2


@dataclass(frozen=True, slots=True)
class EngineTimings:
    """Seconds. `scaled` shortens them all alike, for a provider that renders faster than a real one."""

    scale: float = 1.0
    """What all other waits were multiplied by; waits that are computed elsewhere are multiplied by it too."""
    idle_seconds: float = 1.0
    """How often a loop looks for work that another process may have left."""
    lease_seconds: float = 120.0
    """How long a claim stands without news from its worker; longer than any single call may take."""
    card_seconds_min: float = 15.0
    """A card is edited at most so often."""
    card_refresh_seconds: float = 120.0
    """How often a queued job's card is brought up to date."""
    lookup_after_seconds: float = 5.0
    """The first look-up after an attempt with an unknown outcome."""
    lookup_settled_seconds: float = 90.0
    """Only so long after an attempt began does its absence from the history count: it may show up late. Longer than the
    client waits for an answer."""
    lookup_seconds_max: float = 1800.0
    """After so long without an answer that tells, an owner decides."""
    running_seconds_max: float = 6 * 3600.0
    """A job that runs longer becomes an owner's case."""
    no_credits_retry_seconds: float = 900.0
    """How often one POST tries whether an empty account has credits again."""
    rate_limited_seconds: float = 60.0
    """How long to pause after a 429 that does not say."""
    unreachable_seconds: float = 10.0
    """How long to pause after the provider could not be reached; doubles while that goes on."""
    notice_retry_seconds: float = 60.0
    """How long to wait before an owner who could not be reached is told again."""
    delivery_retry_seconds: float = 2.0
    delivery_retry_seconds_max: float = 600.0

    def scaled(self, factor: float) -> "EngineTimings":
        """All waits multiplied by `factor`, but for one: looking for others' work ever more often only heats a core."""
        waits = {name: getattr(self, name) * factor for name in self.__dataclass_fields__}
        return EngineTimings(**waits | {"idle_seconds": max(waits["idle_seconds"], IDLE_SECONDS_MIN)})
