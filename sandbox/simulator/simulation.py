"""A whole simulation: one seed, one history, one result."""

import asyncio
import random
from unittest.mock import patch

from bot.domain.jobs import JOB_ID_LENGTH
from sandbox.simulator.clock import SimulatedClock, SimulatedLoop
from sandbox.simulator.dials import Dials, draw_dials
from sandbox.simulator.history import History
from sandbox.simulator.world import OpenDatabase, Result

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def simulate(seed: int, open_database: OpenDatabase, dials: Dials | None = None) -> Result:
    """Run one history from its seed; `dials` in place of those that the seed draws."""
    chance = random.Random(seed)
    drawn = draw_dials(chance)
    clock = SimulatedClock()
    history = History(seed, dials or drawn, clock, chance)

    def new_job_id() -> str:
        return "".join(chance.choice(_ALPHABET) for _ in range(JOB_ID_LENGTH))

    random.seed(seed)  # the engine's own jitter
    with (
        asyncio.Runner(loop_factory=lambda: SimulatedLoop(clock)) as runner,
        patch("bot.services.admission.new_job_id", new_job_id),
    ):
        runner.run(history.run(open_database))
    return history.result
