"""What the engine's parts share: the database (migrated, without the leases of dead workers) and the rest."""

import os
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.composition.provider import make_provider
from bot.composition.upgrade import bring_up_to_date
from bot.domain.clock import Clock
from bot.engine.clocks import DatabaseClock
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.measured_provider import MeasuredProvider
from bot.engine.metrics import Metrics
from bot.engine.timings import EngineTimings
from bot.settings import Settings
from bot.storage import accounts, moments
from bot.storage.database import Database
from bot.storage.file_modes import make_private
from bot.storage.process_lock import ProcessLock
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.workers import housekeeping


@asynccontextmanager
async def engine_context(settings: Settings) -> AsyncIterator[EngineContext]:
    """Open the database and the provider's client, and close them at the end. Raises DatabaseProblem."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        only_process = database.dialect == "sqlite"
        if only_process:
            stack.enter_context(ProcessLock(database.url))
            make_private(database.url)
        await bring_up_to_date(database)
        await database.prepare_to_shrink()
        clock: Clock = time.time
        if not only_process:
            clock = shared = DatabaseClock(database)
            await shared.set()
        await database.write(moments.clamp, clock())
        await database.write(accounts.set_hourly_posts, settings.studio_posts_per_hour)
        await database.write(accounts.end_blocks)
        if only_process:
            await database.write(housekeeping.release_leases, clock())
        metrics = Metrics()
        database.observe = metrics.transaction_ended
        provider = MeasuredProvider(make_provider(settings), metrics)
        stack.push_async_callback(provider.close)
        durations = ModelDurations(database)
        await durations.load()
        yield EngineContext(
            database=database,
            clock=clock,
            timings=EngineTimings().scaled(settings.wait_scale),
            providers={OWNER_ACCOUNT: provider},
            worker_id=f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}",
            durations=durations,
            metrics=metrics,
            posts_per_hour=settings.studio_posts_per_hour,
            legacy_may_help=settings.studio_api == "studio",
        )
