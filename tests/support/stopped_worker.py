"""Run as a process of its own: a worker that stops itself (SIGSTOP) at a failpoint, as a suspended machine would.

Arguments: database address, provider address, key, the failpoint, and `once` (send what is queued, then end) or `loops`
(submit and look up for some seconds after it was woken).
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping

from bot.domain.json_value import JsonValue
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.runner import Loop, Runner
from bot.engine.timings import EngineTimings
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.client import StudioClient
from bot.studio.protocol import Accepted
from bot.workers.reconciliation import Reconciliation
from bot.workers.submitter import Submitter
from tests.support.input_files import ScriptedFiles

SCALE = 0.01
TIMINGS = EngineTimings().scaled(SCALE)
AWAKE_SECONDS = 2.0


class SlowClient(StudioClient):
    """A POST takes a while to arrive: a handshake, a queue in front of the provider."""

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Wait, then send."""
        await asyncio.sleep(0.3)
        return await super().generate(payload)


def stop_once_at(point: str) -> asyncio.Event:
    """Stop this process the first time that it reaches the failpoint. The event is set once it was woken."""
    hit, woken = failpoints.hit, asyncio.Event()

    def stopping(name: str) -> None:
        if name == point:
            failpoints.hit = hit
            os.kill(os.getpid(), signal.SIGSTOP)
            woken.set()

    failpoints.hit = stopping
    return woken


def engine_context(database: Database, client: StudioClient, name: str) -> EngineContext:
    """The context of an engine on the real clock, with its waits shortened."""
    return EngineContext(
        database=database, clock=time.time, timings=TIMINGS, providers={OWNER_ACCOUNT: client}, worker_id=name,
        durations=ModelDurations(database),
    )  # fmt: skip


async def main(url: str, base_url: str, key: str, point: str, how: str) -> None:
    database = await Database.open(url)
    client = SlowClient(base_url, key)
    context = engine_context(database, client, "stopped")
    submitter = Submitter(context, ScriptedFiles())
    woken = stop_once_at(point)
    try:
        if how == "once":
            await submitter.step()
            await submitter.drain()
            return
        loops = [
            Loop("reconciliation", Reconciliation(context).step, context.wake_events.reconcile),
            Loop("submitter", submitter.step, context.wake_events.submit),
        ]
        runner = Runner(loops, [submitter.drain])
        runner.start()
        await woken.wait()
        await asyncio.sleep(AWAKE_SECONDS)
        await runner.stop()
    finally:
        await client.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
