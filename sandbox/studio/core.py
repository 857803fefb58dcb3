"""What the local Video Studio is made of: its settings, its books, its jobs and what can be changed while it runs."""

import asyncio
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Self

from sandbox.clock import Clock
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
"""Balance of the account behind the sandbox's key."""
HISTORY_ROWS_DEFAULT = 20
"""Rows of a history page that is asked for without a limit."""


class StudioCore:
    """The Video Studio without its HTTP server.

    - `credits`: balance of the account behind `api_key`.
    - `job_seconds`: shortest and longest time that a job takes, in simulated seconds.
    - `speed`: simulated seconds that pass in one real second.
    - `posts_per_hour`: generate POSTs allowed per account in 60 simulated minutes; None means no limit.
    - `render`: whether results are real videos. If False, they are files of `payload_bytes` without pictures, which is
      fast and needs neither PyAV nor Pillow.
    - `short_side_max`: pixels of a rendered picture's short side at most.
    - `renders_per_request`: number of jobs, each charged, that one POST starts.
    - `results_per_job`: number of `result_urls` of each job.
    - `history_rows`: rows of a history page that is asked for without a limit.
    - `history_lag_seconds`: age in simulated seconds at which a job appears in the history.
    - `charge_surcharge`: credits by which the true charge differs from the catalogue's price.
    - `cache_dir`: folder for rendered clips; a temporary one by default.
    - `seed`: makes job times and probabilities repeatable.

    `renders_per_request` and the settings after it are attributes too, which can be changed at any time.
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
        history_rows: int = HISTORY_ROWS_DEFAULT,
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

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Address for STUDIO_BASE_URL, without a trailing slash."""
        return f"http://{self.host}:{self._port}"

    @property
    def jobs(self) -> list[Job]:
        """Every accepted job, oldest first."""
        return self._jobs.all

    @property
    def job_manager(self) -> Jobs:
        """The jobs' own manager, for the HTTP routes."""
        return self._jobs

    def job(self, job_id: str) -> Job:
        """Return one job. Raises KeyError for an unknown id."""
        if (job := self._jobs.get(job_id)) is None:
            raise KeyError(job_id)
        return job

    # -- controls -----------------------------------------------------------------------------------------------------

    @property
    def credits(self) -> int:
        """The balance of the account behind `api_key`."""
        return self.account.credits

    @property
    def job_seconds(self) -> tuple[float, float]:
        """Shortest and longest time that a job takes, in simulated seconds."""
        return self._jobs.job_seconds

    @property
    def posts_per_hour(self) -> int | None:
        """Generate POSTs allowed per account in 60 simulated minutes; None means no limit."""
        return self.rate_limit.posts_per_hour

    @posts_per_hour.setter
    def posts_per_hour(self, limit: int | None) -> None:
        self.rate_limit.posts_per_hour = limit

    @property
    def payload_bytes(self) -> int:
        """Size of a result file where nothing is rendered."""
        return self.production.payload_bytes

    @payload_bytes.setter
    def payload_bytes(self, size: int) -> None:
        self.production.payload_bytes = size

    @property
    def results_per_job(self) -> int:
        """Number of `result_urls` of each job."""
        return self.production.results_per_job

    @results_per_job.setter
    def results_per_job(self, count: int) -> None:
        self.production.results_per_job = count

    def set_credits(self, balance: int) -> None:
        """Set the balance of the account behind `api_key`."""
        self.accounts.set_credits(self.account, balance)
        self.changed()

    def add_account(self, key: str, balance: int = CREDITS_DEFAULT, name: str | None = None) -> Account:
        """Add an API key with its own balance and its own hourly limit."""
        return self.accounts.add(key, balance, name or f"account-{len(self.accounts.all())}")

    def set_job_seconds(self, shortest: float, longest: float) -> None:
        """Set the shortest and longest time of jobs accepted from now on, in simulated seconds."""
        self._jobs.job_seconds = (shortest, longest)

    def set_speed(self, speed: float) -> None:
        """Set how many simulated seconds pass in a real one."""
        self.clock.set_speed(speed)

    def advance(self, seconds: float) -> None:
        """Jump forward in simulated time."""
        self.clock.advance(seconds)

    # -- waiting ------------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Let everybody who waits look again."""
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def wait_for(self, predicate: Callable[[Self], bool], timeout: float = 10.0) -> None:
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
