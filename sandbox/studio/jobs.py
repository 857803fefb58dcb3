"""Jobs and their way from accepted to completed or failed."""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sandbox.clock import Clock, iso
from sandbox.studio.accounts import Account, Accounts
from sandbox.studio.faults import StudioFault
from sandbox.studio.validation import Order

Status = Literal["pending", "processing", "completed", "failed"]
PENDING_FRACTION = 0.2
"""Share of a job's time that it is `pending` before it is `processing`."""


class RenderFailed(Exception):
    """A result could not be made; the text becomes the job's `error_message`."""


@dataclass(eq=False)
class Job:
    """One render. `credits` is what was charged at acceptance; times are simulated seconds since the epoch."""

    job_id: str
    account: Account
    order: Order
    seconds: int
    credits: int
    created_at: float
    run_seconds: float
    batch_index: int = 0
    fault: StudioFault | None = None
    status: Status = "pending"
    completed_at: float | None = None
    files: list[Path] = field(default_factory=list)
    last_frame: Path | None = None
    """The picture that `return_last_frame` asked for."""
    error_message: str | None = None
    credits_refunded: bool | None = None

    @property
    def over(self) -> bool:
        """Whether the job has ended."""
        return self.status in ("completed", "failed")

    def result_urls(self, base_url: str) -> list[str]:
        """List the addresses of the result files."""
        names = [f"job-{self.job_id}{f'-{n}' if n else ''}.mp4" for n in range(len(self.files))]
        return [f"{base_url}/video_studio/results/{name}" for name in names]

    def to_json(self, base_url: str) -> dict[str, Any]:
        """Return the `job` object of `GET status`, as the provider's documentation shows it."""
        out: dict[str, Any] = {
            "job_id": self.job_id,
            "model_slug": self.order.model.slug,
            "mode": self.order.mode,
            "status": self.status,
        }
        if self.status == "failed":
            out |= {"error_message": self.error_message, "credits_refunded": self.credits_refunded}
        else:
            meta: dict[str, Any] = {"effective_duration_seconds": self.seconds}
            if self.order.quality:
                meta["quality_mode"] = self.order.quality
            if self.last_frame is not None:
                # Invented: the pages name the flag only. At the top a field of this name is an input of the model's.
                meta["last_frame_url"] = f"{base_url}/video_studio/results/job-{self.job_id}-last-frame.png"
            out |= {
                "result_urls": self.result_urls(base_url),
                "credits_charged": self.credits,
                "provider_meta": meta,
            }
        out["created_at"] = iso(self.created_at)
        out["completed_at"] = iso(self.completed_at) if self.completed_at is not None else None
        return out


class Jobs:
    """All jobs in the order of their acceptance, and the tasks that move them on."""

    def __init__(
        self,
        clock: Clock,
        accounts: Accounts,
        render: Callable[[Job], Awaitable[list[Path]]],
        changed: Callable[[], None],
        job_seconds: tuple[float, float],
        seed: int | None = None,
    ) -> None:
        self.job_seconds = job_seconds
        self.all: list[Job] = []
        self._by_id: dict[str, Job] = {}
        self._clock = clock
        self._accounts = accounts
        self._render = render
        self._changed = changed
        self._random = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, job_id: str) -> Job | None:
        """Return one job, or None for an unknown id."""
        return self._by_id.get(job_id)

    def of(self, account: Account) -> list[Job]:
        """List the account's jobs, newest first."""
        return [job for job in reversed(self.all) if job.account is account]

    def accept(
        self, account: Account, order: Order, seconds: int, price: int, batch_index: int, fault: StudioFault | None
    ) -> Job:
        """Charge for a job and start it; `batch_index` tells the renders of one request apart."""
        job = Job(
            job_id=str(uuid.uuid4()),
            account=account,
            order=order,
            seconds=seconds,
            credits=price,
            created_at=self._clock.now(),
            run_seconds=self._random.uniform(*self.job_seconds),
            batch_index=batch_index,
            fault=fault,
        )
        self._accounts.charge(account, job.job_id, price)
        self.all.append(job)
        self._by_id[job.job_id] = job
        task = asyncio.create_task(self._run(job), name=f"sandbox-studio-{job.job_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def close(self) -> None:
        """Stop all jobs where they are."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        kind = job.fault.kind if job.fault else None
        # Rendering starts at once and in parallel, so that it is usually done before the simulated time is over.
        rendering = asyncio.ensure_future(self._render(job)) if kind is None else None
        try:
            await self._clock.sleep_until(job.created_at + job.run_seconds * PENDING_FRACTION)
            self._move(job, "processing")
            if kind == "job_stuck":
                return
            await self._clock.sleep_until(job.created_at + job.run_seconds)
            if job.fault and kind == "job_fails":
                self._fail(job, job.fault.message, job.fault.refunded)
                return
            try:
                job.files = await rendering if rendering else []
            except RenderFailed as error:
                self._fail(job, str(error), refunded=True)
            else:
                self._move(job, "completed")
        finally:
            if rendering:
                rendering.cancel()

    def _fail(self, job: Job, message: str, refunded: bool) -> None:
        job.error_message = message
        job.credits_refunded = refunded
        if refunded:
            self._accounts.refund(job.account, job.job_id, job.credits)
        self._move(job, "failed")

    def _move(self, job: Job, status: Status) -> None:
        job.status = status
        if job.over:
            job.completed_at = self._clock.now()
        self._changed()
