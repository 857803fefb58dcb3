"""Jobs whose POST has an unknown outcome: looked up in the history, adopted, sent again, or handed to an owner.

Nothing is sent again unless a trustworthy history shows that it does not exist there, and nothing is guessed.
"""

import logging
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.reconcile import CLOCK_SKEW_SECONDS, Attempt, Verdict, fits, input_urls_of, judge
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.acceptance import accept
from bot.engine.context import EngineContext
from bot.engine.owner_cases import hand_over
from bot.storage import jobs, renders
from bot.studio.errors import StudioError
from bot.studio.protocol import Accepted, History

log = logging.getLogger(__name__)

HISTORY_LIMIT = 100
"""How many recent renders a look-up asks for: four hours of POSTs at the provider's limit."""
HISTORY_PAGE_MIN = 10
"""No history is taken to have pages smaller than this: a shorter answer is the whole of it."""
BATCH = 50


class Reconciliation:
    """One step looks up what is due."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def step(self) -> float:
        """Take over what a dead worker left, look up what is due, and say when the next look-up is."""
        context = self._context
        now = context.clock()
        await context.database.write(take_over, now)
        due = await context.database.write(jobs.claim_due, JobState.UNKNOWN, now, context.timings.lease_seconds, BATCH)
        for account_id, group in groupby(sorted(due, key=lambda job: job.account_id), key=lambda job: job.account_id):
            await self._look_up(account_id, list(group))
        next_due = await context.database.read(jobs.next_due, JobState.UNKNOWN)
        idle = context.timings.idle_seconds
        return idle if next_due is None else min(idle, max(0.0, next_due - context.clock()))

    async def _look_up(self, account_id: int, unknown: Sequence[Job]) -> None:
        context = self._context
        history: History | None = None
        if (provider := context.providers.get(account_id)) is not None:
            try:
                history = await provider.history(HISTORY_LIMIT)
            except StudioError as error:
                log.warning("history of account %d cannot be read: %s", account_id, error)
        failpoints.hit("reconcile.after_history")
        await context.database.write(self._write_findings, account_id, unknown, history)
        failpoints.hit("reconcile.after_note")
        context.wake_events.submit.set()
        context.wake_events.poll.set()
        context.wake_events.cards.set()

    def _write_findings(self, conn: Connection, account_id: int, due: Sequence[Job], history: History | None) -> None:
        now = self._context.clock()
        if history is None or not history.readable:
            for job in due:
                self._wait(conn, job, "the history cannot be read", now)
            return
        # Every attempt whose outcome is open is judged together, not only those that are due: alike ones compete.
        unknown = [job for job in jobs.in_state(conn, JobState.UNKNOWN, 1000) if job.account_id == account_id]
        submitting = [job for job in jobs.in_state(conn, JobState.SUBMITTING, 1000) if job.account_id == account_id]
        unresolved = [job for job in jobs.in_state(conn, JobState.UNRESOLVED, 1000) if job.account_id == account_id]
        owned = renders.owned(conn, [report.remote_id for report in history.reports])
        unowned = [report for report in history.reports if report.remote_id not in owned]
        others = [_attempt(job) for job in (*submitting, *unresolved) if job.attempt_at is not None]
        contested = {report.remote_id for report in unowned if any(fits(other, report) for other in others)}
        findings = judge([_attempt(job) for job in unknown], unowned)
        trusted = not history.skipped and self._shows_what_we_know(conn, account_id, history)
        due_ids = {job.id for job in due}
        for job in (each for each in unknown if each.id in due_ids):
            finding = findings[job.id]
            if finding.verdict is Verdict.FOUND and finding.remote_id not in contested:
                accept(conn, self._context, job, Accepted((str(finding.remote_id),)))
            elif finding.verdict is Verdict.ABSENT and trusted and self._absence_counts(job, history, now):
                jobs.transition(
                    conn, job.id, job.state, JobState.QUEUED, "not in the history: to be sent again", now, due_at=None
                )
            elif finding.verdict is Verdict.ABSENT:
                self._wait(conn, job, "not in the history yet", now)
            else:
                self._wait(conn, job, "several renders could be this one", now)

    @staticmethod
    def _shows_what_we_know(conn: Connection, account_id: int, history: History) -> bool:
        """Whether the newest render that we know of is there, unless the page does not reach back to it."""
        newest = renders.newest(conn, account_id)
        if newest is None or newest.remote_id in {report.remote_id for report in history.reports}:
            return True
        oldest = min((report.created_at for report in history.reports if report.created_at is not None), default=None)
        return oldest is not None and newest.running_at < oldest - CLOCK_SKEW_SECONDS

    def _absence_counts(self, job: Job, history: History, now: float) -> bool:
        """Whether not being in the history proves that the attempt never arrived."""
        began_at = job.attempt_at or job.created_at
        if now - began_at < self._context.timings.lookup_settled_seconds:
            return False
        # A full page that does not reach back to the attempt could hide it on the next page.
        reaches_back = any(
            report.created_at is not None and report.created_at < began_at - CLOCK_SKEW_SECONDS
            for report in history.reports
        )
        return reaches_back or len(history.reports) < HISTORY_PAGE_MIN

    def _wait(self, conn: Connection, job: Job, why: str, now: float) -> None:
        timings = self._context.timings
        age = now - (job.attempt_at or now)
        if age > timings.lookup_seconds_max:
            hand_over(conn, job, why, now)
            return
        # Roughly doubling, without a counter of its own: wait as long again as the attempt is old.
        wait = min(backoff_seconds(1, max(age, timings.lookup_after_seconds), 120.0, self._context.jitter()), 120.0)
        jobs.set_due(conn, JobState.UNKNOWN, {job.id: now + wait})


def take_over(conn: Connection, now: float) -> None:
    """Jobs that a worker was sending when it died: nobody knows whether they arrived."""
    for job in jobs.expired(conn, JobState.SUBMITTING, now, BATCH):
        jobs.transition(conn, job.id, job.state, JobState.UNKNOWN, "its worker ended while sending", now, due_at=now)


def _attempt(job: Job) -> Attempt:
    return Attempt(job.id, job.model_slug, job.prompt, input_urls_of(job.payload), job.attempt_at or job.created_at)
