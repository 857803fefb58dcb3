"""Ask the provider how running jobs are: one loop over what is due, never a task per job.

An error while asking fails no job: it is asked about again later. `bot.domain.following` decides what an answer means.
Each job is noted in a transaction of its own, so that none falls with another, and no two guilds wait for each other.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.following import (
    Heard,
    Limits,
    Next,
    Step,
    ask_status_for,
    follow,
    says_too_little,
    seconds_taken,
)
from bot.domain.jobs import Job, JobState, by_account
from bot.domain.outcome import outcome_of
from bot.domain.polling import LOOK_PRICE_SECONDS, Running, seconds_until_look
from bot.domain.renders import RenderReport
from bot.domain.retry import backoff_seconds, capped
from bot.engine import account_health, conduct, failpoints, owner_notices
from bot.engine.account_health import GET_PROVES
from bot.engine.context import EngineContext
from bot.engine.owner_cases import hand_over
from bot.engine.settlement import settle
from bot.storage import accounts, jobs, model_durations, renders
from bot.studio.errors import BadAnswer, NotFound, RateLimited, StudioError, Unauthorized
from bot.studio.protocol import Provider
from bot.studio.reading.content import refuses_content

log = logging.getLogger(__name__)

BATCH = 500
"""Jobs that one step asks about."""
ASKS_IN_FLIGHT_MAX = 8
"""Status questions that wait for their answers at the same time."""
HISTORY_FROM_JOBS = 3
"""Due renders of one account from which on the history is asked first: it may answer for all at once."""
HISTORY_LIMIT = 100
"""Recent renders that the history is asked for. As many jobs of an account are looked at beside the due ones."""
PRICE_DOUBLINGS_MAX = 6
"""Times that the price of a look doubles while the provider does not answer."""
PAUSE_SECONDS_FIRST, PAUSE_SECONDS_MAX = 5.0, 300.0
"""Seconds from a question that was not answered to the next: after the first, and after many in a row."""
RETRY_AFTER_SECONDS_MAX = 300.0
"""Seconds of the longest pause between questions that the provider is granted."""
FOLLOWED = (JobState.RUNNING, JobState.UNRESOLVED)
"""States of jobs that are asked about. An owner's case with renders may still settle by itself."""


class Poller:
    """One step asks about everything that is due."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._gate = asyncio.Semaphore(ASKS_IN_FLIGHT_MAX)
        self._failures: dict[int, int] = {}
        """Account id → rounds in a row in which something was not answered."""
        self._unheard_since: dict[str, float] = {}
        """Remote id → when an answer about it said too little for the first time."""
        self._words_logged: set[str] = set()

    async def step(self) -> float:
        """Ask, note and settle. Return the seconds until the next job is due."""
        context = self._context
        lease = context.timings.lease_seconds
        due = await context.database.write(jobs.claim_due, JobState.RUNNING, context.clock(), lease, BATCH)
        due += await context.database.write(jobs.claim_cases, context.clock(), lease, BATCH, with_renders=True)
        if due:
            failpoints.hit("poll.after_claim")
            await asyncio.gather(*(self._ask(account_id, group) for account_id, group in by_account(due).items()))
        if len(due) >= BATCH:
            return 0.0
        return context.seconds_until(await context.database.read(jobs.next_due, JobState.RUNNING))

    async def _ask(self, account_id: int, due: Sequence[Job]) -> None:
        context = self._context
        provider = context.providers.get(account_id)
        if provider is None:
            return
        # One look at the history sees all renders of an account, so the others are seen along with those that are due.
        others = await context.database.read(jobs.running_beside, account_id, [job.id for job in due], HISTORY_LIMIT)
        known = await context.database.read(renders.of_jobs, [job.id for job in (*due, *others)])
        open_ids = _open_ids(due, known)
        heard, problem = await self._questions(provider, open_ids, _open_ids(others, known))
        seen = [job for job in others if all(one in heard.reports for one in _open_ids([job], known))]
        failpoints.hit("poll.after_answer")
        if problem is None:
            self._failures.pop(account_id, None)
        else:
            self._failures[account_id] = self._failures.get(account_id, 0) + 1
            log.warning(
                "asking about %d renders of account %d: %s",
                len(open_ids),
                account_id,
                type(problem).__name__,
                extra={"action": "poll", "account": account_id, "error": type(problem).__name__},
            )
        await self._note_key(account_id, heard, problem)
        await self._note_all([*due, *seen], known, heard, problem)
        failpoints.hit("settle.after_commit")
        context.wake_events.deliver.set()
        context.wake_events.cards.set()

    async def _questions(
        self, provider: Provider, remote_ids: Sequence[str], others: Sequence[str]
    ) -> tuple[Heard, StudioError | None]:
        """Return what the provider says of the renders, and the last error if it did not answer for all of them.

        `others` are reported on only as far as the history shows them; nothing is asked for them alone.
        """
        reports: dict[str, RenderReport] = {}
        not_known: set[str] = set()
        unreadable: set[str] = set()
        problem: StudioError | None = None
        if len(remote_ids) + len(others) >= HISTORY_FROM_JOBS:
            try:
                history = await provider.history(HISTORY_LIMIT)
                shown = {report.remote_id: report for report in history.reports}
                # A row that leaves the charge open is not settled by: the status may tell it.
                wanted = [shown[one] for one in (*remote_ids, *others) if one in shown]
                reports = {report.remote_id: report for report in wanted if not ask_status_for(report)}
            except StudioError as error:
                problem = error

        async def ask(remote_id: str) -> None:
            nonlocal problem
            async with self._gate:
                if isinstance(problem, RateLimited | Unauthorized):
                    return
                try:
                    reports[remote_id] = await provider.status(remote_id)
                except NotFound:
                    not_known.add(remote_id)
                except BadAnswer as error:
                    unreadable.add(remote_id)
                    problem = error
                except StudioError as error:
                    problem = error

        await asyncio.gather(*(ask(remote_id) for remote_id in remote_ids if remote_id not in reports))
        return Heard(reports, frozenset(not_known), frozenset(unreadable)), problem

    async def _note_key(self, account_id: int, heard: Heard, problem: StudioError | None) -> None:
        """Note what the answers say of the account's key."""
        context, now = self._context, self._context.clock()
        if isinstance(problem, Unauthorized):
            retry_at = now + context.timings.no_credits_retry_seconds
            await context.database.write(account_health.blocked, account_id, BlockedReason.UNAUTHORIZED, retry_at, now)
        elif heard.reports:
            account = await context.database.read(accounts.find, account_id)
            if account.blocked_reason in GET_PROVES:
                await context.database.write(account_health.works, account_id, GET_PROVES, now)
                context.wake_events.submit.set()

    async def _note_all(
        self,
        due: Sequence[Job],
        known: Mapping[str, Sequence[RenderReport]],
        heard: Heard,
        problem: StudioError | None,
    ) -> None:
        """Note each job by itself, then say when those that go on are asked about again."""
        context = self._context
        again: dict[JobState, dict[str, float]] = {state: {} for state in FOLLOWED}
        looked_at: list[Job] = []
        learned = False

        def ask_again(job: Job, step: Step) -> None:
            if job.state is JobState.RUNNING and _answered(step, heard):
                looked_at.append(job)
            else:
                again[job.state][job.id] = context.clock() + self._pause(job, problem)

        for job in due:
            own = known.get(job.id, ())
            step = self._decide(job, own, heard)
            try:
                if not self._is_news(own, step, heard):
                    ask_again(job, step)
                    continue
                learned |= await context.database.write(self._note, job, own, step, heard)
            except jobs.StaleState:
                log.debug("job %s was moved on meanwhile", job.id, extra={"action": "poll", "job": job.id})
                continue
            except Exception:
                # It is asked about again when its lease is over. The others are none the worse for it.
                log.exception("job %s: the answer cannot be noted", job.id, extra={"action": "poll", "job": job.id})
                continue
            if step.next is Next.ASK_AGAIN or (step.next is Next.HAND_OVER and job.state is JobState.UNRESOLVED):
                ask_again(job, step)
            else:
                for render in own:
                    self._unheard_since.pop(render.remote_id, None)
        again[JobState.RUNNING] |= dict.fromkeys([job.id for job in looked_at], self._next_look_at(looked_at))
        for state, moments in again.items():
            if moments:
                await context.database.write(jobs.set_due, state, moments)
        if learned:
            await context.durations.load()

    def _decide(self, job: Job, own: Sequence[RenderReport], heard: Heard) -> Step:
        now, timings = self._context.clock(), self._context.timings
        unheard_for: dict[str, float] = {}
        for remote_id in (render.remote_id for render in own if heard.answered(render.remote_id)):
            if says_too_little(remote_id, heard):
                unheard_for[remote_id] = now - self._unheard_since.setdefault(remote_id, now)
            else:
                self._unheard_since.pop(remote_id, None)
        limits = Limits(timings.running_seconds_max, timings.unheard_seconds_max)
        return follow(own, heard, unheard_for, now - (job.running_at or now), limits)

    def _is_news(self, own: Sequence[RenderReport], step: Step, heard: Heard) -> bool:
        """Return whether there is anything to write about a job but when to ask again."""
        moved = any(after.state is not before.state for before, after in zip(own, step.renders, strict=True))
        words = {report.unknown_status for one in own if (report := heard.reports.get(one.remote_id)) is not None}
        return step.next is not Next.ASK_AGAIN or moved or bool(words - {None} - self._words_logged)

    def _note(self, conn: Connection, job: Job, own: Sequence[RenderReport], step: Step, heard: Heard) -> bool:
        """Write what is new about one job. True: it was learned how long its model takes."""
        now = self._context.clock()
        for before, after in zip(own, step.renders, strict=True):
            if after.state is not before.state:
                renders.record(conn, after)
            self._note_word(conn, job, heard.reports.get(before.remote_id), now)
        if step.next is Next.HAND_OVER and job.state is not JobState.UNRESOLVED:
            hand_over(conn, job, step.why, now, due_at=now + self._context.timings.unresolved_ask_seconds)
        if step.next is not Next.SETTLE:
            return False
        outcome = outcome_of(step.renders, job.held)
        settle(conn, job, outcome, now, detail=f"the provider reports {outcome.state.value}")
        if outcome.state is JobState.FAILED and refuses_content(outcome.reason):
            conduct.refused_content(conn, job, now)
        # By the provider's own times: hours in which this process was off are none of the model's.
        taken = seconds_taken([heard.reports[one.remote_id] for one in own if one.remote_id in heard.reports])
        if outcome.state is not JobState.SUCCEEDED or taken is None:
            return False
        model_durations.add(conn, job.model_slug, taken, now)
        return True

    def _note_word(self, conn: Connection, job: Job, report: RenderReport | None, now: float) -> None:
        """Log a status word that is not known, and have the owners told, once each."""
        word = None if report is None else report.unknown_status
        if word is None or word in self._words_logged:
            return
        owner_notices.unknown_status(conn, job.id, word, now)
        self._words_logged.add(word)
        log.warning("the provider tells an unknown status: %s", word, extra={"action": "poll", "job": job.id})

    def _next_look_at(self, seen: Sequence[Job]) -> float:
        """Return when to look again at running jobs of one account that were all seen just now."""
        context, now = self._context, self._context.clock()
        if not seen:
            return now
        failures = min(self._failures.get(seen[0].account_id, 0), PRICE_DOUBLINGS_MAX)
        running = [
            Running(now - (job.running_at or now), context.durations.looked_at_by(job.model_slug)) for job in seen
        ]
        return now + seconds_until_look(running, LOOK_PRICE_SECONDS * 2**failures) * context.timings.scale

    def _pause(self, job: Job, problem: StudioError | None) -> float:
        """Return the seconds until a job is asked about again that was not heard of, or is an owner's case."""
        timings = self._context.timings
        if job.state is JobState.UNRESOLVED:
            return timings.unresolved_ask_seconds
        if isinstance(problem, RateLimited) and problem.retry_after is not None:
            return capped(problem.retry_after, RETRY_AFTER_SECONDS_MAX)
        failures = max(1, self._failures.get(job.account_id, 0))
        pause = backoff_seconds(failures, PAUSE_SECONDS_FIRST, PAUSE_SECONDS_MAX, self._context.jitter())
        return pause * timings.scale


def _answered(step: Step, heard: Heard) -> bool:
    return all(one.state.final or one.remote_id in heard.reports for one in step.renders)


def _open_ids(of_jobs: Sequence[Job], known: Mapping[str, Sequence[RenderReport]]) -> list[str]:
    """Return the remote ids of the jobs' renders that have not ended."""
    return [one.remote_id for job in of_jobs for one in known.get(job.id, ()) if not one.state.final]
