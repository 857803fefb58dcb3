"""`python -m sandbox.chaos`: a run on SQLite and one on PostgreSQL; exit status 1 where a promise was broken.

A seed repeats the same draws, not the same moments: processes and networks keep their own time.
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
from pathlib import Path

from sandbox import postgres
from sandbox.chaos.run import Outcome, Plan, run


def main() -> int:
    """Run as the command line says and return the exit status."""
    arguments = _parser().parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1_000_000)
    # Asked to end, it ends its bots and its server first, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Cut connections are what is wanted here; the sandboxes' own server need not report each.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    fine = True
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as name:
        for kind in arguments.on:
            folder = Path(name) / kind
            folder.mkdir()
            _say(f"chaos on {kind}, seed {seed}: {arguments.requests} requests")
            outcome = _run_on(kind, folder, arguments, seed)
            if outcome is not None:
                print(_table(outcome), flush=True)
                fine &= not outcome.broken
        if arguments.keep and not fine:
            kept = Path(name).rename(Path(arguments.keep))
            _say(f"logs and databases are kept in {kept}")
    return 0 if fine else 1


def _run_on(kind: str, folder: Path, arguments: argparse.Namespace, seed: int) -> Outcome | None:
    def plan(url: str) -> Plan:
        return Plan(url, seed, arguments.requests, arguments.posts_per_minute, arguments.kill_every)

    if kind == "sqlite":
        return asyncio.run(run(plan(f"sqlite+aiosqlite:///{folder / 'bot.db'}"), folder, _say))

    async def on_server(server: postgres.Server) -> Outcome:
        return await run(plan(await server.new_database()), folder, _say)

    try:
        with postgres.server() as server:
            return asyncio.run(on_server(server))
    except LookupError as missing:
        _say(f"skipped: {missing}")
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeats the draws of an earlier run")
    parser.add_argument("--requests", type=int, default=300, help="how many are to be accepted (default 300)")
    parser.add_argument(
        "--posts-per-minute", type=int, default=100, help="the raised limit of the provider and of the bot"
    )
    parser.add_argument("--kill-every", type=float, default=10.0, help="seconds between kills, on average")
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--keep", metavar="FOLDER", help="where logs and databases go if a promise was broken")
    return parser


def _table(outcome: Outcome) -> str:
    def pairs(counts: dict[str, int]) -> str:
        return ", ".join(f"{name} {times}" for name, times in counts.items()) or "none"

    rows = {
        "took": f"{outcome.seconds:.0f} s",
        "requests": f"{outcome.asked} sent, {outcome.acknowledged} acknowledged, {outcome.cancels} cancels pressed",
        "jobs": pairs(dict(sorted(outcome.states.items()))),
        "POSTs": f"{outcome.posts}, {outcome.generations} generations, {outcome.answers_lost} with their answers lost",
        "limit": f"at most {outcome.posts_in_an_hour} POSTs in 60 minutes, {outcome.posts_allowed} allowed",
        "closing messages": f"{outcome.closings}, {outcome.with_a_file} with a file",
        "credits": f"{outcome.charged} charged by the provider, {outcome.ledger} in the ledger",
        "provider faults": pairs(outcome.at_provider),
        "Discord faults": pairs(outcome.at_discord),
        "kills": pairs(outcome.kills),
        "ended by itself": "; ".join(outcome.ends) or "never",
        "left to the owner": str(len(outcome.for_the_owner)),
        "broken promises": "\n".join(["", *outcome.broken]) if outcome.broken else "none",
    }
    return "\n".join(f"  {name:<18} {value}" for name, value in rows.items())


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("ended before its reckoning")
