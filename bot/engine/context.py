"""What every part of the engine is given: the database, the time, the providers, and how the parts wake each other."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.clock import Clock
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.storage.database import Database
from bot.studio.protocol import Provider

log = logging.getLogger(__name__)


@dataclass
class WakeEvents:
    """Set one to make its loop look for work at once instead of when it next would."""

    submit: asyncio.Event = field(default_factory=asyncio.Event)
    reconcile: asyncio.Event = field(default_factory=asyncio.Event)
    poll: asyncio.Event = field(default_factory=asyncio.Event)
    deliver: asyncio.Event = field(default_factory=asyncio.Event)
    cards: asyncio.Event = field(default_factory=asyncio.Event)
    approvals: asyncio.Event = field(default_factory=asyncio.Event)

    def after_decision(self) -> None:
        """Wake whatever may have work once a job was approved, cancelled or resolved."""
        for event in (self.submit, self.poll, self.deliver, self.cards, self.approvals):
            event.set()


@dataclass
class EngineContext:
    """Shared by all parts of one process's engine. `worker_id` names this process in leases."""

    database: Database
    clock: Clock
    timings: EngineTimings
    providers: Mapping[int, Provider]
    """Account id → its provider. Jobs of an account that has none here wait."""
    worker_id: str
    durations: ModelDurations
    wake_events: WakeEvents = field(default_factory=WakeEvents)

    @staticmethod
    def jitter() -> float:
        """A random number in [-1, 1], to keep jobs from falling into step."""
        return random.uniform(-1, 1)
