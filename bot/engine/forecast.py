"""What the queue looks like from one job's side: its place, and when it will start and be ready."""

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.dispatch import Log
from bot.domain.forecast import TYPICAL_SECONDS_UNLEARNED, Forecast, HeldUp, foresee
from bot.domain.jobs import Job, JobState
from bot.domain.switches import Switch
from bot.engine.durations import ModelDurations
from bot.storage import accounts, queue, switches
from bot.storage.accounts import Account


def forecast(conn: Connection, job: Job, durations: ModelDurations, now: float) -> Forecast:
    """Return the forecast for a job. A queued job's place comes from the same rule that will pick it.

    Jobs that are neither queued nor running have an empty forecast.
    """
    typical = durations.typical(job.model_slug) or TYPICAL_SECONDS_UNLEARNED
    if job.state is JobState.RUNNING and job.running_at is not None:
        return Forecast(None, job.running_at, job.running_at + typical)
    if job.state is not JobState.QUEUED:
        return Forecast()
    account = accounts.find(conn, job.account_id)
    if (held_up := _held_up(conn, job, account)) is not None:
        return Forecast(held_up=held_up)
    return foresee(
        (waiting := queue.waiting(conn, job.account_id)),
        queue.tags(conn, account),
        Log(queue.post_log(conn, job.account_id, now)),
        queue.budget(conn, account, waiting, now),
        guild_id=job.guild_id,
        member_id=job.member_id,
        ahead_of_own=queue.ahead_of_own(conn, job),
        typical_seconds=typical,
        now=now,
    )


def _held_up(conn: Connection, job: Job, account: Account) -> HeldUp | None:
    if Switch.PAUSED in switches.on(conn, job.guild_id):
        return HeldUp.PAUSED
    if account.blocked_reason is None:
        return None
    return HeldUp.NO_CREDITS if account.blocked_reason is BlockedReason.NO_CREDITS else HeldUp.REFUSED
