"""The clocks of a process: one that nobody sets, and the database's, which all processes of a fleet share."""

import logging
import sys
import time

from bot.domain.clock import Clock
from bot.storage import moments
from bot.storage.database import Database

log = logging.getLogger(__name__)

SET_EVERY_SECONDS = 60.0
"""Seconds from one comparison with the database's clock to the next."""
DIFFERENCE_SECONDS_MAX = 5.0
"""Seconds by which clocks may differ before the log says so."""


def steady_seconds() -> float:
    """Return seconds of a clock that nobody sets. Where the system can tell, it counts suspended time as well."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class DatabaseClock:
    """Tells the database's time of day, without asking it each time.

    Leases, due times and the log of POSTs are shared by all processes of a fleet. So all of them follow one clock; what
    the clock of a machine says does not matter. Between two comparisons the steady clock counts.
    """

    def __init__(self, database: Database, steady: Clock = steady_seconds) -> None:
        self._database = database
        self._steady = steady
        self._ahead: float | None = None
        """Seconds by which the database's clock is ahead of `steady`. None before the first comparison."""

    def __call__(self) -> float:
        """Return seconds since the epoch. Raises RuntimeError before the first `set`."""
        if self._ahead is None:
            raise RuntimeError("the database's clock was not asked yet")
        return self._steady() + self._ahead

    async def set(self) -> float:
        """Compare with the database's clock. Return the seconds after which to do so again."""
        began = self._steady()
        theirs = await self._database.read(moments.database_time)
        ahead = theirs - (began + self._steady()) / 2
        known = time.time() - self._steady() if self._ahead is None else self._ahead
        if abs(ahead - known) > DIFFERENCE_SECONDS_MAX:
            log.warning(
                "the database's clock is %.0f s ahead of %s: the database's counts",
                ahead - known,
                "this machine's" if self._ahead is None else "what it was",
                extra={"action": "set_clock", "ahead": round(ahead - known)},
            )
        self._ahead = ahead
        return SET_EVERY_SECONDS
