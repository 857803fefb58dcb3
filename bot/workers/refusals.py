"""What a refusal, or an answer that was lost, means for a job and for its account."""

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.limits import learned_limit
from bot.domain.retry import backoff_seconds, capped
from bot.engine import account_health, conduct, owner_notices
from bot.engine.account_health import REFUSAL_PROVES
from bot.engine.context import EngineContext
from bot.engine.settlement import failed, settle
from bot.storage import accounts, jobs, queue
from bot.studio import errors
from bot.studio.reading.content import refuses_content

LEARNED_LIMIT_SECONDS = 3600.0
"""Seconds for which a stricter limit that a 429 taught is kept to."""
PAUSE_SECONDS_MAX = 600.0
"""Seconds of the longest pause that the bot makes by itself. If the provider asks for more, the owners are told."""
RETRY_AFTER_SECONDS_MAX = 3605.0
"""Seconds of the longest pause that the provider is granted: its limit is one of POSTs an hour."""
FORBIDDEN_ALONE_MAX = 3
"""Refusals by 403 of a job that alone is refused, after which the next one ends it."""
REFUSED_SECONDS_MAX = 86_400.0
"""Seconds from the first refusal of a job after which the next one ends it, whoever is to blame."""
UNREACHABLE_TOLD_FROM = 5
"""Tries in a row that did not reach the provider from which on the owners are told: after two and a half minutes."""
FORBIDDEN = "the API key is not allowed to generate"
"""The event of a job that was refused by 403."""
PUT_BACK: Mapping[type[errors.StudioError], str] = {
    errors.Unauthorized: "the API key is not accepted",
    errors.Forbidden: FORBIDDEN,
    errors.OutOfCredits: "the provider account is out of credits",
    errors.RateLimited: "the provider's hourly limit is reached",
    errors.Unreachable: "the provider cannot be reached",
}
"""The event of a job that was put back, by the error: nothing was started, and the account may be to blame."""


class Refusals:
    """Note errors of generate requests. Refusals in a row make pauses longer; an accepted request ends the row."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._in_a_row: dict[int, int] = {}
        """Account id → pauses since its last accepted request."""

    def accepted(self, account_id: int) -> None:
        """End the row of refusals."""
        self._in_a_row.pop(account_id, None)

    def note(self, conn: Connection, job: Job, error: errors.StudioError) -> None:
        """Write down what an error means.

        Raises `jobs.StaleState` if the job was taken over: then another attempt decides about it.
        """
        now, timings = self._context.clock(), self._context.timings
        retry_at = now + timings.no_credits_retry_seconds
        queue.post_arrived_by(conn, job, now)
        if type(error) in PUT_BACK and _is_the_jobs_fault(conn, job, error, now):
            _give_up(conn, job, error, now)
            return
        match error:
            case errors.Unauthorized():
                self._unauthorized(conn, job, retry_at, now)
                account_health.blocked(conn, job.account_id, BlockedReason.UNAUTHORIZED, retry_at, now)
            case errors.Forbidden():
                self._forbidden(conn, job, error, retry_at, now)
            case errors.OutOfCredits():
                self._out_of_credits(conn, job, error, retry_at, now)
            case errors.RateLimited():
                self._rate_limited(conn, job, error, now)
            case errors.Unreachable():
                requeue(conn, job, PUT_BACK[errors.Unreachable], now)
                queue.unlog_post(conn, job)
                accounts.pause(conn, job.account_id, now + self._pause(job.account_id, timings.unreachable_seconds))
                if self._in_a_row[job.account_id] >= UNREACHABLE_TOLD_FROM:
                    owner_notices.unreachable(conn, job.account_id, error.message, now)
            case errors.Declined():
                detail = f"refused by the provider: {error.message}"
                # The account's row is locked before the guild's, as everywhere.
                account_health.works(conn, job.account_id, REFUSAL_PROVES, now)
                settle(conn, job, failed(error.message), now, detail=detail, attempts=job.attempts)
                if isinstance(error, errors.BadRequest) and refuses_content(error.message):
                    conduct.refused_content(conn, job, now)
            case _:
                detail = f"no clear answer: {error.message}"
                due_at = now + timings.lookup_after_seconds
                jobs.transition(
                    conn, job.id, job.state, JobState.UNKNOWN, detail, now, attempts=job.attempts, due_at=due_at
                )

    def _unauthorized(self, conn: Connection, job: Job, retry_at: float, now: float) -> None:
        """Put a job back. One that was refused before has its turn after the others: they show whose fault it is."""
        detail = PUT_BACK[errors.Unauthorized]
        others_first = retry_at + self._context.timings.no_credits_retry_seconds
        requeue(conn, job, detail, now, due_at=others_first if jobs.refusals_of(conn, job.id, [detail]) else None)

    def _forbidden(self, conn: Connection, job: Job, error: errors.Forbidden, retry_at: float, now: float) -> None:
        """Find out whose fault a 403 is: the key's, or the request's (a firewall may dislike its words).

        A job that alone is refused again and again on a key that had requests accepted is refused for itself. One
        refusal by itself blames nobody: the job waits, and others are tried. A second job that is refused blames the
        key.
        """
        refused = jobs.refusals(conn, job.account_id, FORBIDDEN)
        before = refused.get(job.id)
        passed_at = jobs.last_accepted_at(conn, job.account_id)
        since = 0.0 if passed_at is None else passed_at
        others = [one for one, refusal in refused.items() if one != job.id and refusal.last_at > since]
        alone = passed_at is not None and not others
        if before is not None and alone and before.count >= FORBIDDEN_ALONE_MAX:
            _give_up(conn, job, error, now)
            return
        # Later than the block's end, so that another job's turn comes first.
        requeue(conn, job, FORBIDDEN, now, due_at=retry_at + self._context.timings.no_credits_retry_seconds)
        if not alone:
            data: JsonObject = {"legacy_may_help": self._context.legacy_may_help}
            account_health.blocked(conn, job.account_id, BlockedReason.FORBIDDEN, retry_at, now, data=data)

    @staticmethod
    def _out_of_credits(conn: Connection, job: Job, error: errors.OutOfCredits, retry_at: float, now: float) -> None:
        """Hold back what the account cannot pay for: everything, if the provider names no balance."""
        requeue(conn, job, PUT_BACK[errors.OutOfCredits], now, due_at=retry_at)
        required = job.held if error.required is None else error.required
        data: JsonObject = {"job_id": job.id, "model_name": job.model_name}
        data |= {"required": required, "available": error.available}
        account_health.blocked(
            conn, job.account_id, BlockedReason.NO_CREDITS, retry_at, now, data=data, affordable=error.available
        )
        accounts.note_credits(conn, job.account_id, error.available, now)

    def _rate_limited(self, conn: Connection, job: Job, error: errors.RateLimited, now: float) -> None:
        """Pause, and learn a stricter limit where the log says that the pause is not a passing storm."""
        requeue(conn, job, PUT_BACK[errors.RateLimited], now)
        pause = self._pause(job.account_id, self._context.timings.rate_limited_seconds)
        if error.retry_after is not None:
            pause = capped(error.retry_after, RETRY_AFTER_SECONDS_MAX)
            if error.retry_after > PAUSE_SECONDS_MAX:
                owner_notices.long_pause(conn, job.account_id, error.asked_for or error.retry_after, pause, now)
        accounts.pause(conn, job.account_id, now + pause)
        kept = accounts.find(conn, job.account_id).hourly_posts
        allowed = learned_limit(len(queue.post_log(conn, job.account_id, now)), kept)
        if allowed < kept:
            accounts.lower_hourly_posts(conn, job.account_id, allowed, now + LEARNED_LIMIT_SECONDS)

    def _pause(self, account_id: int, first: float) -> float:
        times = self._in_a_row[account_id] = self._in_a_row.get(account_id, 0) + 1
        return backoff_seconds(times, first, max(first, PAUSE_SECONDS_MAX), self._context.jitter())


def _is_the_jobs_fault(conn: Connection, job: Job, error: errors.StudioError, now: float) -> bool:
    """Tell whether a job is not to be tried again, although the error may be the account's.

    That is so after a day, and if the key was refused for this job before while another job passed since: a firewall
    may dislike a request's words.
    """
    ever = jobs.refusals_of(conn, job.id, PUT_BACK.values())
    if ever is not None and now - ever.first_at > REFUSED_SECONDS_MAX:
        return True
    if not isinstance(error, errors.Unauthorized | errors.Forbidden):
        return False
    before = jobs.refusals_of(conn, job.id, [PUT_BACK[type(error)]])
    passed_at = jobs.last_accepted_at(conn, job.account_id)
    return before is not None and passed_at is not None and before.first_at < passed_at


def _give_up(conn: Connection, job: Job, error: errors.StudioError, now: float) -> None:
    """End a job that is refused again and again. It costs nothing; its member reads why, and the owners hear of it."""
    away = isinstance(error, errors.Unreachable)
    # What a gateway's page says is the owners' business.
    why = "the provider could not be reached" if away else error.message
    settle(conn, job, failed(why), now, detail=f"refused by the provider: {error.message}", attempts=job.attempts)
    if away:
        queue.unlog_post(conn, job)
    owner_notices.job_refused(conn, job, error.message, now)


def requeue(conn: Connection, job: Job, detail: str, now: float, *, due_at: float | None = None) -> None:
    """Put a job back that was certainly not started. It has no turn before `due_at`.

    Raises `jobs.StaleState` if the job was sent again, or taken over, since it was read.
    """
    jobs.transition(conn, job.id, job.state, JobState.QUEUED, detail, now, attempts=job.attempts, due_at=due_at)
