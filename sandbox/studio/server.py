"""The local Video Studio as one object: what it is made of, its levers, and its life."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.clock import Clock
from sandbox.studio import control, http_api, http_legacy, http_media, trouble
from sandbox.studio.accounts import SANDBOX_KEY, Account, Accounts
from sandbox.studio.catalogue import BY_SLUG, Model
from sandbox.studio.faults import Faults
from sandbox.studio.inputs import InputFetcher
from sandbox.studio.jobs import Job, Jobs
from sandbox.studio.production import Production
from sandbox.studio.rate_limit import POSTS_PER_HOUR, RateLimit
from sandbox.studio.records import Records
from sandbox.studio.renderer import Renderer
from sandbox.studio.shapes import HistoryShape, ModelsShape

CREDITS_DEFAULT = 10_000
SHUTDOWN_SECONDS = 1.0


class StudioSandbox:
    """UlazAI's Video Studio API on loopback; use as `async with StudioSandbox() as studio`.

    - `credits`: the balance of the account behind `api_key`.
    - `job_seconds`: a job takes a random time between the two, in simulated seconds; `speed` simulated seconds pass in
      one real second.
    - `posts_per_hour`: generate POSTs per account in 60 simulated minutes, None = no limit.
    - `render` False: results are files of `payload_bytes` without pictures (fast; needs neither PyAV nor Pillow).
    - `short_side_max`: pixels of a rendered picture's short side at most.
    - `renders_per_request`: so many jobs, each charged, come of one POST.
    - `results_per_job`: so many `result_urls` has each job.
    - `history_rows`: so many rows has a history page that is asked for without a limit.
    - `history_lag_seconds`: a job appears in the history only when it is older (simulated seconds).
    - `charge_surcharge`: credits by which a true charge differs from the catalogue's price.
    - `cache_dir`: where rendered clips are kept; a temporary folder by default.
    - `seed`: makes job times and probabilities repeatable.

    Attributes of the same names (`renders_per_request` and what follows it) can be changed at any time.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        api_key: str = SANDBOX_KEY,
        credits: int = CREDITS_DEFAULT,
        job_seconds: tuple[float, float] = (30.0, 60.0),
        speed: float = 1.0,
        posts_per_hour: int | None = POSTS_PER_HOUR,
        render: bool = True,
        payload_bytes: int = 65_536,
        short_side_max: int = 720,
        fetch_inputs: bool = True,
        renders_per_request: int = 1,
        results_per_job: int = 1,
        models_shape: ModelsShape = "wrapped",
        history_shape: HistoryShape = "jobs",
        history_rows: int = http_api.HISTORY_LIMIT_DEFAULT,
        history_lag_seconds: float = 0.0,
        charge_surcharge: int = 0,
        cache_dir: Path | None = None,
        seed: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.host = host
        self.api_key = api_key
        self.renders_per_request = renders_per_request
        self.models_shape: ModelsShape = models_shape
        self.history_shape: HistoryShape = history_shape
        self.history_rows = history_rows
        self.history_lag_seconds = history_lag_seconds
        self.charge_surcharge = charge_surcharge
        self.catalogue: dict[str, Model] = dict(BY_SLUG)
        self.clock = clock or Clock(speed)
        self.faults = Faults(seed)
        self.records = Records()
        self.rate_limit = RateLimit(posts_per_hour)
        self.accounts = Accounts(self.clock, self.records)
        self.account = self.accounts.add(api_key, credits, "default")

        self._port = port
        # Made at the start, so that a sandbox that was never started leaves nothing behind.
        self._directory = directory = Path(tempfile.gettempdir()) / f"studio-sandbox-{uuid.uuid4()}"
        self._renderer = Renderer(cache_dir or directory)
        self.inputs = InputFetcher(directory, self._renderer, enabled=fetch_inputs)
        self.production = Production(
            self._renderer,
            self.inputs,
            directory,
            render=render,
            payload_bytes=payload_bytes,
            short_side_max=short_side_max,
            results_per_job=results_per_job,
        )
        self._jobs = Jobs(self.clock, self.accounts, self.production.make, self.changed, job_seconds, seed)
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # -- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen; with port 0 a free one is taken, see `base_url`. Raises OSError where that cannot be."""
        self._directory.mkdir(mode=0o700)
        app = web.Application(middlewares=[trouble.middleware(self)])
        for routes in (http_api.routes, http_legacy.routes, http_media.routes, control.routes):
            app.add_routes(routes(self))
        if self.production.render:
            self._renderer.start()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self.host, self._port).start()
        except OSError:
            await self.close()
            raise
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        await self._jobs.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        await self._renderer.close()
        await asyncio.to_thread(shutil.rmtree, self._directory, ignore_errors=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """For STUDIO_BASE_URL, without a trailing slash."""
        return f"http://{self.host}:{self._port}"

    @property
    def jobs(self) -> list[Job]:
        """Every accepted job, oldest first."""
        return self._jobs.all

    @property
    def job_manager(self) -> Jobs:
        return self._jobs

    def job(self, job_id: str) -> Job:
        """Raises KeyError for an unknown id."""
        if (job := self._jobs.get(job_id)) is None:
            raise KeyError(job_id)
        return job

    # -- levers -------------------------------------------------------------------------------------------------------

    @property
    def credits(self) -> int:
        """The balance of the account behind `api_key`."""
        return self.account.credits

    @property
    def job_seconds(self) -> tuple[float, float]:
        return self._jobs.job_seconds

    @property
    def posts_per_hour(self) -> int | None:
        return self.rate_limit.posts_per_hour

    @posts_per_hour.setter
    def posts_per_hour(self, limit: int | None) -> None:
        self.rate_limit.posts_per_hour = limit

    @property
    def payload_bytes(self) -> int:
        return self.production.payload_bytes

    @payload_bytes.setter
    def payload_bytes(self, size: int) -> None:
        self.production.payload_bytes = size

    @property
    def results_per_job(self) -> int:
        return self.production.results_per_job

    @results_per_job.setter
    def results_per_job(self, count: int) -> None:
        self.production.results_per_job = count

    def set_credits(self, balance: int) -> None:
        self.accounts.set_credits(self.account, balance)
        self.changed()

    def add_account(self, key: str, balance: int = CREDITS_DEFAULT, name: str | None = None) -> Account:
        """One more API key with its own balance and its own hourly limit (a guild's own key)."""
        return self.accounts.add(key, balance, name or f"account-{len(self.accounts.all())}")

    def set_job_seconds(self, shortest: float, longest: float) -> None:
        """How long jobs accepted from now on take, in simulated seconds."""
        self._jobs.job_seconds = (shortest, longest)

    def set_speed(self, speed: float) -> None:
        """Simulated seconds per real second."""
        self.clock.set_speed(speed)

    def advance(self, seconds: float) -> None:
        """Jump forward in simulated time."""
        self.clock.advance(seconds)

    # -- waiting ------------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Something happened: whoever waits looks again."""
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def wait_for(self, predicate: Callable[[StudioSandbox], bool], timeout: float = 10.0) -> None:
        """Return when `predicate(self)` is true; it is asked after every request and every move of a job.

        Raises TimeoutError, with the totals, after `timeout` real seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while not predicate(self):
                    await self._changed.wait()
        except TimeoutError:
            states = ", ".join(f"{job.order.model.slug}: {job.status}" for job in self.jobs[-10:])
            raise TimeoutError(f"not within {timeout} s; {self.records.totals()}; last jobs: {states}") from None
