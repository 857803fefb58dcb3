"""The way that most bots of this kind work, and this one, through the same faults: what becomes of 60 requests.

    python -m benchmarks.naive

The naive one has a coroutine for each command: POST once, keep the id in a variable, ask every ten seconds for ten
minutes, call any error a failure, and know nothing after a restart. Both meet the same provider with the same hourly
limit and the same kinds of faults; hours pass within a minute.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.in_flight import SilentNotifier
from benchmarks.no_files import NoFiles
from bot.domain.jobs import JobState
from bot.domain.quota import GuildDefaults
from bot.domain.renders import RenderState
from bot.domain.request import GenerationRequest, complete
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.notifier import Closing, Delivered, StatusCard
from bot.engine.timings import EngineTimings
from bot.media.download import Downloads
from bot.media.fitting import Fitter
from bot.services.admission import Admission
from bot.services.admission_request import AdmissionRequest
from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.client import StudioClient
from bot.studio.errors import StudioError
from bot.studio.reading.catalogue import read_catalogue
from bot.workers.delivery import Delivery
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.result_files import ResultFiles
from bot.workers.submitter import Submitter
from sandbox.chaos.past import give_history
from sandbox.studio import StudioSandbox

REQUESTS, GUILDS = 60, 6
RESTART_AFTER_SECONDS = 60.0
TICK_SECONDS = 5.0
HOURS_MAX = 6
SEED = 11
ASK_EVERY_SECONDS, ASKS_MAX = 10.0, 60
"""The naive bot's loop, as its relatives have it."""


@dataclass
class Result:
    """What became of the requests. `videos` are those that a member got."""

    videos: int = 0
    told: int = 0
    generations: int = 0
    charged: int = 0
    refused: int = 0
    requests: int = 0

    def read(self, studio: StudioSandbox) -> Self:
        """Fill in what the provider saw."""
        posts = studio.records.posts
        self.generations, self.charged = len(studio.records.accepted_posts()), studio.records.charged()
        self.refused = sum(1 for post in posts if post.status == 429)
        self.requests = studio.records.request_counts.total()
        return self


def add_faults(studio: StudioSandbox) -> None:
    """Lose some answers and let some questions fail."""
    faults = studio.faults
    faults.add("cut_after", times=None, probability=0.05)
    faults.add("error_after", status=502, times=None, probability=0.05)
    faults.add("error_before", "status", status=500, times=None, probability=0.02)
    faults.add("job_fails", times=None, probability=0.05)


async def pass_time(studio: StudioSandbox, step: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Let `seconds` of the provider's time pass, or less if `step` says that all is done."""
    until = studio.clock.now() + seconds
    while studio.clock.now() < until and not await step():
        studio.advance(TICK_SECONDS)


async def naive(restarted: bool) -> Result:
    """Sixty coroutines, and perhaps a restart that forgets those which still run."""
    result = Result()
    async with _studio() as studio:
        client = StudioClient(studio.base_url, studio.api_key, studio.clock.now)

        async def command(number: int) -> None:
            body = {"model_slug": "veo31_fast", "prompt": f"number {number}"}
            try:
                [remote_id] = (await client.generate(body)).job_ids
                for _ in range(ASKS_MAX):
                    await studio.clock.sleep(ASK_EVERY_SECONDS)
                    report = await client.status(remote_id)
                    if report.state.final:
                        break
            except StudioError:
                result.told += 1  # "failed", whatever the provider went on to do and to charge
                return
            result.told += 1
            result.videos += report.state is RenderState.COMPLETED

        running = [asyncio.create_task(command(number)) for number in range(REQUESTS)]

        async def step() -> bool:
            await asyncio.sleep(0.02)  # lets the coroutines talk to the provider
            return all(task.done() for task in running)

        await pass_time(studio, step, RESTART_AFTER_SECONDS if restarted else HOURS_MAX * 3600)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await client.close()
        return result.read(studio)


class CountingNotifier(SilentNotifier):
    """Stands where Discord would be, and counts."""

    def __init__(self, result: Result) -> None:
        self._result = result

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        """Find none."""
        return None

    async def remove_card(self, card: StatusCard) -> None:
        """Remove nothing."""

    async def turn_card(self, closing: Closing) -> Delivered | None:
        """Have no card to turn."""
        return None

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        """Count what the member was told."""
        self._result.told += 1
        self._result.videos += closing.state is JobState.SUCCEEDED
        return Delivered(closing.channel_id, 1, "channel")


async def engine() -> Result:
    """Run the engine's own loops, restarted on the same database."""
    result = Result()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        studio = await stack.enter_async_context(_studio())
        database = await Database.open(f"sqlite+aiosqlite:///{folder / 'bot.db'}")
        stack.push_async_callback(database.close)
        await migrate(database)
        client = StudioClient(studio.base_url, studio.api_key, studio.clock.now)
        stack.push_async_callback(client.close)
        downloads = await stack.enter_async_context(Downloads(folder, studio.base_url))
        capability = read_catalogue(await client.models()).get("veo31_fast")
        if capability is None:
            raise LookupError("the sandbox has no veo31_fast")

        def started(name: str) -> tuple[EngineContext, Submitter, Callable[[], Awaitable[bool]]]:
            context = EngineContext(
                database,
                studio.clock.now,
                EngineTimings(),
                {OWNER_ACCOUNT: client},
                name,
                ModelDurations(database),
                steady=studio.clock.now,
            )
            submitter = Submitter(context, NoFiles())
            delivery = Delivery(context, CountingNotifier(result), ResultFiles(context, downloads, Fitter()))
            others = (Reconciliation(context).step, Poller(context).step, delivery.step)

            async def step() -> bool:
                await submitter.step()
                await submitter.drain()
                for other in others:
                    await other()
                await delivery.drain()
                return result.told == REQUESTS

            return context, submitter, step

        context, _, step = started("before the restart")
        admission = Admission(context, GuildDefaults(1_000_000, None, None))
        for number in range(REQUESTS):
            guild = 1000 + number % GUILDS
            request = complete(GenerationRequest("veo31_fast", {"prompt": f"number {number}"}), capability)
            await admission.admit(AdmissionRequest(number + 1, guild, guild, 7, (), capability, request))
        await pass_time(studio, step, RESTART_AFTER_SECONDS)
        _, _, step = started("after the restart")
        await pass_time(studio, step, HOURS_MAX * 3600)
        return result.read(studio)


def _studio() -> StudioSandbox:
    studio = StudioSandbox(
        render=False, payload_bytes=4096, job_seconds=(40, 120), credits=1_000_000, seed=SEED, history_rows=50
    )
    give_history(studio)
    add_faults(studio)
    return studio


async def main() -> int:
    """Print both."""
    rows = {
        "naive": await naive(restarted=False),
        "naive, restarted": await naive(restarted=True),
        "engine, restarted": await engine(),
    }
    print(f"{REQUESTS} requests at once, 24 POSTs an hour, a restart after {RESTART_AFTER_SECONDS:.0f} s")
    for name, result in rows.items():
        print(
            f"  {name:<18} members told {result.told}, videos posted {result.videos}, generations paid "
            f"{result.generations} ({result.charged} credits), POSTs refused with 429 {result.refused}, "
            f"requests to the provider {result.requests}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
