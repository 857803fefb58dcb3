"""What every part of the engine is given: the database, the time, the providers, and how the parts wake each other."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.clock import Clock
from bot.domain.polling import typical_seconds
from bot.engine.tempo import Tempo
from bot.storage import remembered
from bot.storage.database import Database
from bot.studio.protocol import Provider

log = logging.getLogger(__name__)


class Timings:
    """How long models usually take, kept in memory and loaded again when something was learned."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._typical: dict[str, float] = {}

    async def load(self) -> None:
        """Read what was learned, by this process or another."""
        latest = await self._database.read(remembered.latest_timings)
        self._typical = {slug: typical for slug, times in latest.items() if (typical := typical_seconds(times))}

    def typical(self, model_slug: str) -> float | None:
        """A model's usual seconds from the start to the video; None while unknown."""
        return self._typical.get(model_slug)


@dataclass
class Wakes:
    """Set one to make its loop look for work at once instead of when it next would."""

    submit: asyncio.Event = field(default_factory=asyncio.Event)
    reconcile: asyncio.Event = field(default_factory=asyncio.Event)
    poll: asyncio.Event = field(default_factory=asyncio.Event)
    deliver: asyncio.Event = field(default_factory=asyncio.Event)
    cards: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class EngineContext:
    """Shared by all parts of one process's engine. `worker_id` names this process in leases."""

    database: Database
    clock: Clock
    tempo: Tempo
    providers: Mapping[int, Provider]
    """Account id → its provider. Jobs of an account that has none here wait."""
    worker_id: str
    timings: Timings
    wakes: Wakes = field(default_factory=Wakes)

    @staticmethod
    def spread() -> float:
        """A random number in [-1, 1], to keep jobs from falling into step."""
        return random.uniform(-1, 1)
