"""Many histories: one after another, in one operating-system process or in several that have a database each."""

import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sandbox import postgres
from sandbox.simulator.database import Databases, PostgresDatabases, SqliteDatabases
from sandbox.simulator.simulation import Simulator
from sandbox.simulator.world import Result

HISTORIES_AT_ONCE = 200
"""Histories that one of several processes runs before it reports them."""


def run_histories(
    seeds: Sequence[int], server: postgres.Server | None, processes: int = 1, minutes: float | None = None
) -> Generator[Result, None, None]:
    """Yield what the histories of these seeds saw, in their order.

    They run on SQLite if there is no server. After `minutes` of real time no further one begins. Several processes
    report in parts, and who stops asking waits for the parts under way.
    """
    until = None if minutes is None else time.time() + 60 * minutes
    if processes == 1:
        yield from _one_by_one(seeds, server, until)
        return
    size = min(HISTORIES_AT_ONCE, -(-len(seeds) // processes))
    parts = [seeds[first : first + size] for first in range(0, len(seeds), size)]
    pool = ProcessPoolExecutor(processes)
    try:
        for results in pool.map(partial(_part, server=server, until=until), parts):
            yield from results
    finally:
        pool.shutdown(cancel_futures=True)


def _one_by_one(seeds: Sequence[int], server: postgres.Server | None, until: float | None) -> Iterator[Result]:
    with databases(server) as own, Simulator(own) as simulator:
        for seed in seeds:
            if until is not None and time.time() > until:
                return
            yield simulator.simulate(seed)


def _part(seeds: Sequence[int], server: postgres.Server | None, until: float | None) -> list[Result]:
    results = list(_one_by_one(seeds, server, until))
    for result in results:
        if result.violation is None:
            result.lines.clear()  # nobody reads it, and it would travel to the process that sums up
    return results


@contextmanager
def databases(server: postgres.Server | None) -> Iterator[Databases]:
    """Make databases on a server, or SQLite files in a temporary folder if there is none."""
    if server is not None:
        yield PostgresDatabases(server)
        return
    with tempfile.TemporaryDirectory(prefix="simulator-") as name:
        yield SqliteDatabases(Path(name))
