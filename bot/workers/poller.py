"""Asks the provider how running jobs are: one loop over what is due, never a task per job.

An error while asking fails no job: it is asked again later. A job that runs longer than any should becomes an owner's
case instead of a silent loss.
"""

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState, by_account
from bot.domain.outcome import outcome_of
from bot.domain.polling import seconds_until_next_ask
from bot.domain.renders import RenderReport
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.owner_cases import hand_over
from bot.engine.settlement import settle
from bot.storage import jobs, model_durations, renders
from bot.studio.errors import RateLimited, StudioError
from bot.studio.protocol import Provider

log = logging.getLogger(__name__)

BATCH = 500
ASKS_IN_FLIGHT_MAX = 8
HISTORY_FROM_JOBS = 3
"""From so many due jobs of one account on, one history call comes before any status call."""
HISTORY_LIMIT = 100
PAUSE_SECONDS_FIRST, PAUSE_SECONDS_MAX = 5.0, 300.0


class Poller:
    """One step asks about everything that is due."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._gate = asyncio.Semaphore(ASKS_IN_FLIGHT_MAX)
        self._failures: dict[int, int] = {}
        """Account id → asks that failed in a row."""

    async def step(self) -> float:
        """Ask, note, settle; then say when the next job is due."""
        context = self._context
        due = await context.database.write(
            jobs.claim_due, JobState.RUNNING, context.clock(), context.timings.lease_seconds, BATCH
        )
        if due:
            failpoints.hit("poll.after_claim")
            await asyncio.gather(*(self._ask(account_id, group) for account_id, group in by_account(due).items()))
        if len(due) == BATCH:
            return 0.0
        return context.seconds_until(await context.database.read(jobs.next_due, JobState.RUNNING))

    async def _ask(self, account_id: int, due: Sequence[Job]) -> None:
        context = self._context
        provider = context.providers.get(account_id)
        if provider is None:
            return
        known = await context.database.read(renders.of_jobs, [job.id for job in due])
        open_ids = [render.remote_id for job in due for render in known.get(job.id, ()) if not render.state.final]
        reports, error = await self._reports(provider, open_ids)
        failpoints.hit("poll.after_answer")
        if error is None:
            self._failures.pop(account_id, None)
        else:
            self._failures[account_id] = self._failures.get(account_id, 0) + 1
            log.warning("asking about %d renders of account %d: %s", len(open_ids), account_id, error)
        learned = await context.database.write(self._note, due, reports, error, self._failures.get(account_id, 0))
        failpoints.hit("settle.after_commit")
        if learned:
            await context.durations.load()
        context.wake_events.deliver.set()
        context.wake_events.cards.set()

    async def _reports(
        self, provider: Provider, remote_ids: Sequence[str]
    ) -> tuple[dict[str, RenderReport], StudioError | None]:
        """Return what the provider says of the renders, and the last error if it did not answer for all of them."""
        reports: dict[str, RenderReport] = {}
        problem: StudioError | None = None
        if len(remote_ids) >= HISTORY_FROM_JOBS:
            try:
                history = await provider.history(HISTORY_LIMIT)
                wanted = set(remote_ids)
                reports = {report.remote_id: report for report in history.reports if report.remote_id in wanted}
            except StudioError as error:
                problem = error

        async def ask(remote_id: str) -> None:
            nonlocal problem
            async with self._gate:
                if isinstance(problem, RateLimited):
                    return
                try:
                    reports[remote_id] = await provider.status(remote_id)
                except StudioError as error:
                    problem = error

        # A job that the history shows as ended without a result is asked about: the history may tell less.
        missing = [one for one in remote_ids if one not in reports or _tells_too_little(reports[one])]
        await asyncio.gather(*(ask(remote_id) for remote_id in missing))
        return reports, problem

    def _note(
        self,
        conn: Connection,
        due: Sequence[Job],
        reports: dict[str, RenderReport],
        error: StudioError | None,
        failures: int,
    ) -> bool:
        """Record the reports, settle what has ended, and say when to ask again. True: a model's time was learned."""
        now = self._context.clock()
        for report in reports.values():
            renders.record(conn, report)
        known = renders.of_jobs(conn, [job.id for job in due])
        again: dict[str, float] = {}
        learned = False
        for job in due:
            own = known.get(job.id, [])
            if own and all(render.state.final for render in own):
                learned |= self._settle(conn, job, own, now)
                continue
            elapsed = now - (job.running_at or now)
            if elapsed > self._context.timings.running_seconds_max:
                self._hand_over(conn, job, elapsed, now)
            elif own and all(render.remote_id in reports or render.state.final for render in own):
                again[job.id] = now + self._wait(job, elapsed)
            else:
                hint = error.retry_after if isinstance(error, RateLimited) else None
                pause = backoff_seconds(
                    max(1, failures), PAUSE_SECONDS_FIRST, PAUSE_SECONDS_MAX, self._context.jitter()
                )
                again[job.id] = now + (hint or pause * self._context.timings.scale)
        jobs.set_due(conn, JobState.RUNNING, again)
        return learned

    def _wait(self, job: Job, elapsed: float) -> float:
        typical = self._context.durations.typical(job.model_slug)
        wait = seconds_until_next_ask(elapsed, typical, self._context.jitter())
        return wait * self._context.timings.scale

    @staticmethod
    def _settle(conn: Connection, job: Job, own: Sequence[RenderReport], now: float) -> bool:
        outcome = outcome_of(own, job.held)
        settle(conn, job, outcome, now, detail=f"the provider reports {outcome.state.value}")
        if outcome.state is not JobState.SUCCEEDED or job.running_at is None:
            return False
        model_durations.add(conn, job.model_slug, now - job.running_at, now)
        return True

    @staticmethod
    def _hand_over(conn: Connection, job: Job, elapsed: float, now: float) -> None:
        hand_over(conn, job, f"the provider reports no end after {elapsed / 3600:.1f} hours", now)


def _tells_too_little(report: RenderReport) -> bool:
    return report.state.final and not report.result_urls and report.error_message is None
