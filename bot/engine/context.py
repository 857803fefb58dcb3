"""What every part of the engine gets: the database, the time, the providers, and how the parts wake each other."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.clock import Clock
from bot.engine.clocks import steady_seconds
from bot.engine.durations import ModelDurations
from bot.engine.forecast import Forecasts
from bot.engine.guards import Guards
from bot.engine.metrics import Metrics
from bot.engine.timings import EngineTimings
from bot.storage.database import Database
from bot.studio.protocol import Provider

log = logging.getLogger(__name__)


@dataclass
class WakeEvents:
    """One event a loop. Set it, and the loop looks for work at once."""

    submit: asyncio.Event = field(default_factory=asyncio.Event)
    reconcile: asyncio.Event = field(default_factory=asyncio.Event)
    poll: asyncio.Event = field(default_factory=asyncio.Event)
    deliver: asyncio.Event = field(default_factory=asyncio.Event)
    cards: asyncio.Event = field(default_factory=asyncio.Event)
    approvals: asyncio.Event = field(default_factory=asyncio.Event)
    incidents: asyncio.Event = field(default_factory=asyncio.Event)
    removals: asyncio.Event = field(default_factory=asyncio.Event)
    films: asyncio.Event = field(default_factory=asyncio.Event)
    erase: asyncio.Event = field(default_factory=asyncio.Event)
    reels: asyncio.Event = field(default_factory=asyncio.Event)
    reactions: asyncio.Event = field(default_factory=asyncio.Event)
    likes: asyncio.Event = field(default_factory=asyncio.Event)
    showcase: asyncio.Event = field(default_factory=asyncio.Event)

    def after_decision(self) -> None:
        """Wake the loops that may have work after a job was approved, cancelled or resolved."""
        for event in (self.submit, self.poll, self.deliver, self.cards, self.approvals):
            event.set()


@dataclass
class EngineContext:
    """Shared by all parts of one process's engine."""

    database: Database
    clock: Clock
    timings: EngineTimings
    providers: Mapping[int, Provider]
    """Account id → its provider. Jobs of an account without a provider here wait."""
    worker_id: str
    """Names this process in leases."""
    durations: ModelDurations
    steady: Clock = steady_seconds
    """A clock that nobody sets, for how long something took."""
    posts_per_hour: int = 24
    """Generate POSTs that the provider allows per account and hour."""
    legacy_may_help: bool = False
    """Whether another setting of STUDIO_API could open what the provider refuses with 403."""
    metrics: Metrics = field(default_factory=Metrics)
    wake_events: WakeEvents = field(default_factory=WakeEvents)
    forecasts: Forecasts = field(init=False)
    guards: Guards = field(init=False)

    def __post_init__(self) -> None:
        self.forecasts = Forecasts(self.database, self.clock, self.durations)
        self.guards = Guards(self.database)

    @staticmethod
    def jitter() -> float:
        """Return a random number in [-1, 1], which keeps jobs from falling into step."""
        return random.uniform(-1, 1)

    def seconds_until(self, moment: float | None) -> float:
        """Return how long a loop may wait for `moment`, at most `timings.idle_seconds`. None means nothing is due."""
        idle = self.timings.idle_seconds
        return idle if moment is None else min(idle, max(0.0, moment - self.clock()))
