"""Look up jobs whose POST has an unknown outcome. `bot.domain.reconcile` decides; this loads and applies."""

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.domain.evidence import POST_SECONDS_MAX, Sent
from bot.domain.jobs import Job, JobState, by_account
from bot.domain.reconcile import Action, Attempt, Patience, Shown, Verdict, plan
from bot.domain.retry import backoff_seconds
from bot.engine import account_health, failpoints
from bot.engine.acceptance import run
from bot.engine.account_health import GET_PROVES
from bot.engine.context import EngineContext
from bot.engine.owner_cases import end_case, hand_over
from bot.engine.settlement import failed, settle
from bot.storage import cases, jobs, queue, renders
from bot.studio.errors import StudioError
from bot.studio.protocol import History

log = logging.getLogger(__name__)

HISTORY_LIMIT = 100
"""Recent renders that a look-up asks for: four hours of POSTs at the provider's limit."""
BATCH = 50
"""Jobs that one step takes over, and that it looks up."""
WAIT_SECONDS_MAX = 120.0
"""Seconds from one look-up of a job to the next, at most. An owner's case is looked up less often."""
NEVER_MADE = "the provider gave no answer and did not make it"
"""What a member reads whose request ends without having been made."""


class Reconciliation:
    """One step looks up what is due."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._silent_since: dict[int, float] = {}
        """Account id → since when its history cannot be read. Silence of the provider is no sign of a job's age."""

    async def step(self) -> float:
        """Take over what a dead worker left and look up what is due. Return the seconds to the next look-up."""
        context = self._context
        now = context.clock()
        if await context.database.write(take_over, now):
            context.wake_events.submit.set()
        lease = context.timings.lease_seconds
        due = await context.database.write(jobs.claim_due, JobState.UNKNOWN, now, lease, BATCH)
        due += await context.database.write(jobs.claim_cases, now, lease, BATCH, with_renders=False)
        for account_id, group in by_account(due).items():
            await self._look_up(account_id, group)
        return context.seconds_until(await context.database.read(jobs.next_due, JobState.UNKNOWN))

    async def _look_up(self, account_id: int, due: Sequence[Job]) -> None:
        context = self._context
        asked_at = context.clock()
        history = await self._history(account_id)
        failpoints.hit("reconcile.after_history")
        if history is None:
            silent = context.clock() - self._silent_since.setdefault(account_id, context.clock())
            actions = {job.id: self._without_history(job, silent) for job in due}
        else:
            self._silent_since.pop(account_id, None)
            actions = dict(await context.database.read(self._plan, account_id, history, asked_at))
        for job in due:
            if job.id in actions:
                await self._apply(job, actions[job.id])
        failpoints.hit("reconcile.after_note")
        for event in (context.wake_events.submit, context.wake_events.poll, context.wake_events.cards):
            event.set()

    async def _history(self, account_id: int) -> History | None:
        """Return what the provider shows. None means that it cannot be read."""
        context = self._context
        provider = context.providers.get(account_id)
        if provider is None:
            return None
        try:
            history = await provider.history(HISTORY_LIMIT)
        except StudioError as error:
            log.warning(
                "the history of account %d cannot be read: %s",
                account_id,
                type(error).__name__,
                extra={"action": "look_up", "account": account_id},
            )
            return None
        await context.database.write(account_health.works, account_id, GET_PROVES, context.clock())
        return history if history.readable else None

    def _plan(self, conn: Connection, account_id: int, history: History, asked_at: float) -> Mapping[str, Action]:
        """Load what the decision needs. It may be old by the time it is applied, so each action is guarded.

        Ages count to the moment at which the history was asked for: this process may have been stopped since.
        """
        timings = self._context.timings
        # All of them: an attempt that was left out could own what another adopts.
        unclear = jobs.in_states(conn, account_id, [JobState.SUBMITTING, JobState.UNKNOWN, JobState.UNRESOLVED])
        known = renders.of_jobs(conn, [job.id for job in unclear])
        looked_up = [job for job in unclear if _is_looked_up(job) and job.id not in known]
        others = [job for job in unclear if job not in looked_up]
        lost = jobs.moves_into(conn, [job.id for job in looked_up], JobState.UNKNOWN)
        attempts = []
        for job in looked_up:
            moves = lost.get(job.id)
            since, count = (job.created_at, 1) if moves is None else (moves.last_at, moves.count)
            if since > asked_at and job.attempt_at is not None:
                since = job.attempt_at  # the clock was set back: the story keeps its moments, the job does not
            attempts.append(Attempt(job.id, Sent(job.payload, job.attempt_at or job.created_at), since, count))
        remote_ids = [report.remote_id for report in history.reports]
        newest = renders.newest(conn, account_id)
        return plan(
            attempts,
            [Sent(job.payload, job.attempt_at) for job in others if job.attempt_at is not None],
            Shown(history.reports, not history.skipped, newest is None or newest in remote_ids, history.said_at),
            renders.sent_for(conn, remote_ids),
            asked_at,
            Patience(timings.lookup_settled_seconds, timings.lookup_seconds_max, timings.lookup_given_up_seconds),
        )

    def _without_history(self, job: Job, silent: float) -> Action:
        """Wait for a history, and for as long as a look-up may take once the provider has gone silent."""
        age = self._context.clock() - (job.attempt_at or job.created_at)
        patience = self._context.timings.lookup_seconds_max
        undecided = job.state is JobState.UNKNOWN and min(age, silent) > patience
        verdict = Verdict.HAND_OVER if undecided else Verdict.WAIT
        return Action(verdict, "the history cannot be read")

    async def _apply(self, job: Job, action: Action) -> None:
        """Carry out an action in a transaction of its own. A failure leaves the job to the next look-up."""
        fields = {"action": "reconcile", "job": job.id, "verdict": action.verdict.value}
        log.log(
            logging.DEBUG if action.verdict is Verdict.WAIT else logging.INFO,
            "job %s: %s: %s",
            job.id,
            action.verdict.value,
            action.why,
            extra=fields,
        )
        try:
            await self._context.database.write(self._write, job, action)
        except jobs.StaleState:
            log.debug("job %s was moved on meanwhile", job.id, extra=fields)
        except Exception:
            log.exception("job %s: the look-up cannot be noted", job.id, extra=fields)

    def _write(self, conn: Connection, job: Job, action: Action) -> None:
        now, timings = self._context.clock(), self._context.timings
        is_case = job.state is JobState.UNRESOLVED
        again_at = now + timings.unresolved_ask_seconds
        match action.verdict:
            case Verdict.ADOPT:
                run(conn, self._context, job, [str(action.remote_id)], action.why)
            case Verdict.SEND_AGAIN:
                jobs.transition(conn, job.id, job.state, JobState.QUEUED, action.why, now, due_at=None)
                end_case(conn, job)
            case Verdict.END:
                settle(conn, job, failed(NEVER_MADE), now, detail=action.why)
            case Verdict.HAND_OVER if is_case:
                cases.renew_case(conn, job.id, action.why, action.candidates)
                jobs.set_due(conn, job.state, {job.id: again_at})
            case Verdict.HAND_OVER:
                # It goes on being looked up: what nobody can tell now may show later.
                hand_over(conn, job, action.why, now, candidates=action.candidates, due_at=again_at)
            case Verdict.WAIT if is_case:
                jobs.set_due(conn, job.state, {job.id: again_at})
            case Verdict.WAIT:
                # Roughly doubling, without a counter: wait as long again as the attempt is old.
                age = now - (job.attempt_at or now)
                first = min(WAIT_SECONDS_MAX, max(age, timings.lookup_after_seconds))
                wait = backoff_seconds(1, first, WAIT_SECONDS_MAX, self._context.jitter())
                jobs.set_due(conn, JobState.UNKNOWN, {job.id: now + wait})


def _is_looked_up(job: Job) -> bool:
    """Return whether a job without renders is looked up. An owner's case that came from a clear answer is not."""
    return job.state is JobState.UNKNOWN or (job.state is JobState.UNRESOLVED and job.due_at is not None)


def take_over(conn: Connection, now: float) -> int:
    """Take over the jobs that a worker held when it died, and return how many.

    A job whose worker did not pass the fence was not sent. Of the others nobody knows whether they arrived.
    """
    expired = jobs.expired(conn, JobState.SUBMITTING, now, BATCH)
    for job in expired:
        if job.attempt_at is None:
            detail = "its worker ended before it was sent"
            jobs.transition(conn, job.id, job.state, JobState.QUEUED, detail, now, due_at=None)
            queue.unlog_post(conn, job)
        else:
            detail = "its worker ended while sending"
            jobs.transition(conn, job.id, job.state, JobState.UNKNOWN, detail, now, due_at=now)
            queue.post_arrived_by(conn, job, job.attempt_at + POST_SECONDS_MAX)
    return len(expired)
