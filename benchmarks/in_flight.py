"""100,000 jobs in flight: what they cost in memory, in a step of each loop, and at a restart.

    python -m benchmarks.in_flight [--jobs 100000] [--postgresql]

Each figure comes from a process of its own; the empty database is measured first, so that growth is what jobs cost.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psutil

from benchmarks.endless import EndlessProvider, served
from benchmarks.filling import fill
from benchmarks.no_files import NoFiles
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.notifier import Closing, Delivered, StatusCard
from bot.engine.timings import EngineTimings
from bot.media.download import Downloads
from bot.media.fitting import Fitter
from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.workers import housekeeping
from bot.workers.cards import Cards
from bot.workers.delivery import Delivery
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.result_files import ResultFiles
from bot.workers.submitter import Submitter
from sandbox import postgres
from sandbox.demo.bot_process import BotProcess
from sandbox.discord import DiscordSandbox

MEBIBYTE = 1024 * 1024
LATER_SECONDS = 30.0
"""Seconds that the clock is put forward for the steps, so that a good part of the jobs is due."""
ROUNDS = 5
HERE = "videos"


class SilentNotifier:
    """Stands where Discord would be."""

    async def show_status(self, card: StatusCard) -> int | None:
        """Claim that the card is shown."""
        return card.message_id

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        """Find none."""
        return None

    async def remove_card(self, card: StatusCard) -> None:
        """Remove nothing."""

    async def turn_card(self, closing: Closing) -> Delivered | None:
        """Have no card to turn."""
        return None

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        """Claim that the message is posted."""
        return Delivered(closing.channel_id, 1, "channel")

    async def is_age_restricted(self, channel_id: int) -> bool:
        """Know of none."""
        return False

    async def find_posted(self, channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
        """Find nothing."""
        return None


async def probe(url: str) -> dict[str, Any]:
    """Take steps of every loop on this database; seconds of each, and this process's memory."""
    database = await Database.open(url)
    try:
        if database.dialect == "sqlite":
            await database.write(housekeeping.release_leases, time.time())
        provider = EndlessProvider()
        context = EngineContext(
            database=database,
            clock=lambda: time.time() + LATER_SECONDS,
            timings=EngineTimings(),
            providers={OWNER_ACCOUNT: provider},
            worker_id="probe",
            durations=ModelDurations(database),
        )
        submitter = Submitter(context, NoFiles())
        notifier = SilentNotifier()
        with tempfile.TemporaryDirectory() as folder:
            async with Downloads(Path(folder), "https://provider.invalid") as downloads:
                steps: dict[str, Callable[[], Awaitable[float]]] = {
                    "submitter": submitter.step,
                    "reconciliation": Reconciliation(context).step,
                    "poller": Poller(context).step,
                    "cards": Cards(context, notifier).step,
                    "delivery": Delivery(context, notifier, ResultFiles(context, downloads, Fitter())).step,
                    "housekeeping": housekeeping.Housekeeping(context).step,
                }
                took = {name: [await _timed(step) for _ in range(ROUNDS)] for name, step in steps.items()}
                await submitter.drain()
        memory = psutil.Process().memory_info().rss
    finally:
        await database.close()
    return {"rss": memory, "seconds": {name: max(times) for name, times in took.items()}, "asked": provider.asked}


async def _timed(step: Callable[[], Awaitable[float]]) -> float:
    began = time.perf_counter()
    await step()
    return time.perf_counter() - began


async def restart(discord: DiscordSandbox, url: str, folder: Path) -> dict[str, float]:
    """Start the real bot on this database: seconds until it hears commands and until a member has an answer."""
    asked: Counter[str] = Counter()
    mia = discord.persona("mia")

    def hears() -> bool:
        return bool(discord.core.gateway.connected_shards()) and any(one["name"] == "veo" for one in mia.commands(HERE))

    async with served(asked) as provider:
        settings = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "STUDIO_API_KEY": "benchmark",
            "STUDIO_BASE_URL": provider,
            "DATABASE_URL": url,
        }
        bot = BotProcess(folder, settings)
        began = time.monotonic()
        await bot.start()
        try:
            await discord.wait_for(hears, 60)
            heard = time.monotonic() - began
            await (await mia.slash("veo fast", HERE, prompt="the first after the restart")).wait_message(30)
            answered = time.monotonic() - began
            rss = psutil.Process(bot.pid).memory_info().rss
        finally:
            await bot.stop()
        await discord.wait_for(lambda: not discord.core.gateway.connected_shards())
    return {"hears": heard, "answered": answered, "rss": rss, "polls": asked["status"] + asked["history"]}


async def main() -> int:
    """Print the figures."""
    arguments = _parser().parse_args()
    if arguments.probe:
        print(json.dumps(await probe(arguments.probe)))
        return 0
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="in-flight-")))
        discord = await stack.enter_async_context(DiscordSandbox())
        url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
        if arguments.postgresql:
            url = await stack.enter_context(postgres.server()).new_database()
        await _write(url)
        await restart(discord, url, folder)  # the commands are registered and the catalogue is kept, as ever after
        empty, started_empty = await _probed(url), await restart(discord, url, folder)
        began = time.monotonic()
        await _write(url, fill, arguments.jobs, time.time())
        print(f"{arguments.jobs:,} jobs written in {time.monotonic() - began:.1f} s")
        started, full = await restart(discord, url, folder), await _probed(url)
    print(f"memory of the engine: {(full['rss'] - empty['rss']) / MEBIBYTE:+.1f} MiB over an empty database")
    print(f"memory of the bot:    {(started['rss'] - started_empty['rss']) / MEBIBYTE:+.1f} MiB over an empty database")
    for name, seconds in full["seconds"].items():
        print(f"slowest step of {name:<15} {seconds * 1000:7.0f} ms   (empty: {empty['seconds'][name] * 1000:.0f} ms)")
    print(f"asked the provider in {ROUNDS} poll rounds: {full['asked']}")
    for label, run in (("empty", started_empty), ("full", started)):
        print(
            f"restart, {label}: hears {run['hears']:.1f} s, first answer {run['answered']:.1f} s, polls {run['polls']}"
        )
    return 0


async def _write(url: str, *work: Any) -> None:
    """Migrate, and write what `work` says."""
    database = await Database.open(url)
    try:
        await migrate(database)
        if work:
            await database.write(*work)
    finally:
        await database.close()


async def _probed(url: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.in_flight", "--probe", url, stdout=asyncio.subprocess.PIPE, env=os.environ
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the probe failed")
    result: dict[str, Any] = json.loads(output)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_flight")
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL in place of a SQLite file")
    parser.add_argument("--probe", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
