"""`python -m sandbox.simulator --seed N --histories M`: run histories; exit status 1 if a promise was broken.

A history is repeated exactly by its seed on SQLite. On PostgreSQL (`--database`, or `--postgresql` for a server of its
own) transactions overlap as they happen to, so that a seed repeats the draws but not every moment.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy.engine import make_url

from sandbox import postgres
from sandbox.simulator.runs import run_histories
from sandbox.simulator.story import excerpt
from sandbox.simulator.world import Result


def main() -> int:
    """Run the histories that the command line asks for and return the exit status."""
    arguments = _parser().parse_args()
    logging.basicConfig(level=logging.CRITICAL if not arguments.log else logging.DEBUG)
    seeds = range(arguments.seed, arguments.seed + arguments.histories)
    processes = min(arguments.processes, arguments.histories)
    seen: list[Result] = []
    began = time.monotonic()
    with _server(arguments) as server, closing(run_histories(seeds, server, processes, arguments.minutes)) as results:
        for result in results:
            seen.append(result)
            if result.violation is not None:
                print(describe(result), flush=True)
                if not arguments.go_on:
                    break
    print(summary(seen, time.monotonic() - began))
    return 1 if any(result.violation for result in seen) else 0


@contextmanager
def _server(arguments: argparse.Namespace) -> Iterator[postgres.Server | None]:
    if arguments.database is not None:
        url = make_url(arguments.database).set(drivername="postgresql+asyncpg")
        yield postgres.Server(url, "--database")
    elif arguments.postgresql:
        with postgres.server() as server:
            yield server
    else:
        yield None


def describe(result: Result) -> str:
    """Tell the story of a history that broke a promise, and how to repeat it."""
    violation = result.violation
    if violation is None:
        return f"seed {result.seed}: every promise held"
    lines = [
        f"seed {result.seed}: {violation}",
        f"  dials: {result.dials.unusual()}",
        *(f"  {line}" for line in excerpt(result.lines, violation.job_id)),
        f"  again: python -m sandbox.simulator --seed {result.seed} --histories 1, on the same kind of database",
    ]
    return "\n".join(lines)


def summary(results: list[Result], seconds: float) -> str:
    """Sum up what the histories saw."""
    states: Counter[str] = Counter()
    for result in results:
        states.update(result.states)
    broken = Counter(result.violation.promise for result in results if result.violation)
    jobs = ", ".join(f"{times} {state}" for state, times in sorted(states.items())) or "none"
    lines = [
        f"{len(results)} histories in {seconds:.0f} s ({len(results) / seconds:.1f} a second), "
        f"{sum(one.steps for one in results):,} steps of the engine",
        f"jobs: {jobs}; renders at the provider: {sum(one.renders for one in results):,}",
        f"broken promises: {', '.join(f'{name} ({times})' for name, times in broken.most_common()) or 'none'}",
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first history (default 1)")
    parser.add_argument("--histories", type=int, default=100, help="how many (default 100)")
    parser.add_argument("--minutes", type=float, help="begin no history after this time (default: run them all)")
    parser.add_argument("--processes", type=int, default=1, help="run in this many processes (default 1)")
    parser.add_argument("--database", metavar="URL", help="a PostgreSQL server where databases can be created")
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server of its own")
    parser.add_argument("--go-on", action="store_true", help="run the others too after a broken promise")
    parser.add_argument("--log", action="store_true", help="show the engine's own log")
    return parser


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets must be the same whenever a seed is repeated.
        command = [sys.executable, "-m", "sandbox.simulator", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | {"PYTHONHASHSEED": "0"})  # noqa: S606 - this very program
    sys.exit(main())
