"""A whole simulation: one seed, one history, one result."""

import asyncio
import gc
import random
from types import TracebackType
from typing import Self
from unittest.mock import patch

from bot.domain.jobs import JOB_ID_LENGTH
from sandbox.simulator.clock import SimulatedClock, SimulatedLoop
from sandbox.simulator.database import Databases
from sandbox.simulator.dials import Dials, draw_dials
from sandbox.simulator.history import History
from sandbox.simulator.world import Result

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Simulator:
    """Runs histories one after another, in one event loop. A context manager, which prepares the databases."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._loop = SimulatedLoop()
        self._runner = asyncio.Runner(loop_factory=lambda: self._loop)

    def __enter__(self) -> Self:
        self._runner.run(self._databases.prepare())
        # What is there now stays: the collector need not go through it again during each history.
        gc.freeze()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.unfreeze()
        self._runner.run(self._databases.close())
        self._runner.close()

    def simulate(self, seed: int, dials: Dials | None = None) -> Result:
        """Run one history from its seed; `dials` in place of those that the seed draws."""
        chance = random.Random(seed)
        drawn = draw_dials(chance)
        self._loop.clock = SimulatedClock()
        history = History(seed, dials or drawn, self._loop.clock, chance)

        def new_job_id() -> str:
            return "".join(chance.choice(_ALPHABET) for _ in range(JOB_ID_LENGTH))

        random.seed(seed)  # the engine's own jitter
        with patch("bot.services.admission.new_job_id", new_job_id):
            self._runner.run(history.run(self._databases.fresh))
        return history.result
