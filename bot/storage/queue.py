"""The queue of one account: who waits, whose turn it is, and the log of POSTs that its hourly limit counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from bot.domain.dispatch import SHARING_SECONDS, WINDOW_SECONDS, Budget, Log, Post, next_turn
from bot.domain.fairness import GuildTag, Tags, Waiting
from bot.domain.jobs import Job, JobState
from bot.domain.post_ages import LoggedPost, PostAges
from bot.domain.switches import WHOLE_BOT, Switch
from bot.storage import accounts, jobs, switches
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.provider import accounts_table, fair_tags_table, posts_table
from bot.storage.upsert import upsert

_CREDITS_MAX = 2**62
"""More credits than any job holds."""

_SENDABLE = and_(
    jobs_table.c.account_id == bindparam("account_id"),
    jobs_table.c.state == JobState.QUEUED,
    or_(jobs_table.c.due_at.is_(None), jobs_table.c.due_at <= bindparam("now")),
    jobs_table.c.held <= bindparam("affordable"),
)
"""Jobs whose turn can come. One that was refused alone waits until its due time."""
_WAITING = (
    select(jobs_table.c.guild_id, jobs_table.c.member_id, func.count(), func.min(jobs_table.c.created_at))
    .where(_SENDABLE)
    .group_by(jobs_table.c.guild_id, jobs_table.c.member_id)
)
_OLDEST = (
    select(jobs_table.c.id)
    .where(
        _SENDABLE,
        jobs_table.c.guild_id == bindparam("guild_id"),
        jobs_table.c.member_id == bindparam("member_id"),
    )
    .order_by(jobs_table.c.created_at, jobs_table.c.id)
    .limit(1)
)
_own = jobs_table.alias("own")
_AHEAD_OF_OWN = select(
    _own.c.id,
    select(func.count())
    .where(
        jobs_table.c.account_id == _own.c.account_id,
        jobs_table.c.state == JobState.QUEUED,
        jobs_table.c.guild_id == _own.c.guild_id,
        jobs_table.c.member_id == _own.c.member_id,
        jobs_table.c.created_at <= _own.c.created_at,
        or_(jobs_table.c.created_at < _own.c.created_at, jobs_table.c.id < _own.c.id),
    )
    .correlate(_own)
    .scalar_subquery(),
).where(_own.c.id.in_(bindparam("job_ids", expanding=True)))
_POST_LOG = (
    select(posts_table.c.id, posts_table.c.at, jobs_table.c.guild_id, jobs_table.c.member_id)
    .join(jobs_table, jobs_table.c.id == posts_table.c.job_id)
    .where(
        posts_table.c.account_id == bindparam("account_id"),
        or_(posts_table.c.at > bindparam("since"), posts_table.c.id >= bindparam("oldest_id")),
    )
    .order_by(posts_table.c.at)
)
_ID_MAX = 2**62
"""A larger id than any POST has."""
_POSTS_KEPT = 10_000
"""Newest POSTs that are kept however old their moments look: a clock that jumps ahead must not erase the last hour."""
_GUILDS_OF_POSTS = (
    select(jobs_table.c.guild_id)
    .join(posts_table, jobs_table.c.id == posts_table.c.job_id)
    .where(posts_table.c.account_id == bindparam("account_id"), posts_table.c.at > bindparam("since"))
    .distinct()
)
_BEING_SENT = select(func.count()).where(
    jobs_table.c.account_id == bindparam("account_id"), jobs_table.c.state == JobState.SUBMITTING
)
_NEXT_HELD_BACK = select(func.min(jobs_table.c.due_at)).where(
    jobs_table.c.account_id == bindparam("account_id"),
    jobs_table.c.state == JobState.QUEUED,
    jobs_table.c.due_at > bindparam("now"),
)
_NEWEST_POST = select(func.max(posts_table.c.id)).where(
    posts_table.c.account_id == bindparam("account"), posts_table.c.job_id == bindparam("job")
)
_FENCE = (
    update(jobs_table)
    .where(
        jobs_table.c.id == bindparam("job"),
        jobs_table.c.state == JobState.SUBMITTING,
        jobs_table.c.lease_owner == bindparam("owner"),
        jobs_table.c.attempt_at.is_(None),
        jobs_table.c.due_at >= bindparam("due_since"),
    )
    .values(attempt_at=bindparam("now"), attempts=jobs_table.c.attempts + 1, due_at=bindparam("until"))
)
_POST_LEAVES = update(posts_table).where(posts_table.c.id == _NEWEST_POST.scalar_subquery()).values(at=bindparam("now"))
_ARRIVED_BY = (
    update(posts_table)
    .where(posts_table.c.id == _NEWEST_POST.scalar_subquery(), posts_table.c.at < bindparam("moment"))
    .values(at=bindparam("moment"))
)
_UNLOG_POST = delete(posts_table).where(posts_table.c.id == _NEWEST_POST.scalar_subquery())
_LOG_POST = insert(posts_table)
_TAGS = select(fair_tags_table).where(fair_tags_table.c.account_id == bindparam("account_id"))
_SET_CLOCK = (
    update(accounts_table).where(accounts_table.c.id == bindparam("account")).values(clock=bindparam("new_clock"))
)
_FORGET_POSTS = delete(posts_table).where(
    posts_table.c.at <= bindparam("until"),
    posts_table.c.id <= select(func.max(posts_table.c.id)).scalar_subquery() - _POSTS_KEPT,
)
_guild_tags = fair_tags_table.alias("guild_tags")
_FORGET_TAGS = delete(fair_tags_table).where(
    select(_guild_tags.c.guild_id)
    .join(accounts_table, accounts_table.c.id == _guild_tags.c.account_id)
    .where(
        _guild_tags.c.account_id == fair_tags_table.c.account_id,
        _guild_tags.c.guild_id == fair_tags_table.c.guild_id,
        _guild_tags.c.member_id == 0,
        _guild_tags.c.finish <= accounts_table.c.clock,
    )
    .correlate(fair_tags_table)
    .exists()
)
"""Drops the tags of guilds, and of their members, whose clocks the account's clock has passed."""
_STORE_TAGS = upsert(fair_tags_table, (fair_tags_table.c.finish, fair_tags_table.c.clock))


@dataclass(frozen=True, slots=True)
class Claim:
    """A job whose POST may leave now, or None and the moment at which to look again (None: nothing waits)."""

    job: Job | None
    look_again_at: float | None


def waiting(conn: Connection, account: accounts.Account, now: float) -> list[Waiting]:
    """Return who waits on an account, by guild and member, without those whose queue is paused.

    Jobs that were refused alone and wait for another try are left out, and jobs that the account cannot pay for.
    """
    paused = switches.guilds_with(conn, Switch.PAUSED)
    if WHOLE_BOT in paused:
        return []
    groups = [Waiting(*row) for row in conn.execute(_WAITING, _sendable(account, now))]
    return [group for group in groups if group.guild_id not in paused]


def _sendable(account: accounts.Account, now: float) -> dict[str, float | int]:
    affordable = account.affordable_now(now)
    return {"account_id": account.id, "now": now, "affordable": _CREDITS_MAX if affordable is None else affordable}


def ahead_of_own(conn: Connection, job_ids: Sequence[str]) -> dict[str, int]:
    """Return, by job id, how many queued jobs of the same member in the same guild come before each job."""
    return dict(conn.execute(_AHEAD_OF_OWN, {"job_ids": list(job_ids)}).all())


def post_log(conn: Connection, account_id: int, now: float) -> list[Post]:
    """Return the account's POSTs that still count, ascending by their moment."""
    return [row.post for row in _logged(conn, account_id, now, _ID_MAX)]


def _logged(conn: Connection, account_id: int, now: float, oldest_id: int) -> list[LoggedPost]:
    since = {"account_id": account_id, "since": now - WINDOW_SECONDS, "oldest_id": oldest_id}
    return [LoggedPost(row.id, Post(row.at, row.guild_id, row.member_id)) for row in conn.execute(_POST_LOG, since)]


def budget(conn: Connection, account: accounts.Account, queue: Sequence[Waiting], now: float) -> Budget:
    """Return what the account may send, shared by the guilds that wait and those that asked within the last day."""
    since = {"account_id": account.id, "since": now - SHARING_SECONDS}
    guilds = set(conn.execute(_GUILDS_OF_POSTS, since).scalars()) | {flow.guild_id for flow in queue}
    # What the account can pay for is sent although it is blocked for the rest.
    blocked_until = None if account.affordable_now(now) is not None else account.blocked_until
    return Budget(account.hourly_posts, max(1, len(guilds)), blocked_until or 0.0)


def tags(conn: Connection, account: accounts.Account) -> Tags:
    """Return the state of fair sharing on an account. Flows that the clock has passed count as new and are left out."""
    loaded = Tags(clock=account.clock)
    for row in conn.execute(_TAGS, {"account_id": account.id}):
        if row.member_id == 0:
            loaded.guilds[row.guild_id] = GuildTag(row.finish, row.clock)
        else:
            loaded.members[row.guild_id, row.member_id] = row.finish
    return loaded


def claim(
    conn: Connection, account_id: int, owner: str, lease_seconds: float, now: float, ages: PostAges | None = None
) -> Claim:
    """Take the job whose turn it is, if a POST may leave now. Its POST is in the log afterwards.

    The job is `submitting`, but nothing may be sent for it before `fence`. The account's row is locked first, so that
    any number of processes share one budget. `ages` knows the true ages of the POSTs in the log; without it they have
    those that `now` gives them.
    """
    account = accounts.find(conn, account_id, lock=True)
    # Looked at also while nothing waits: each look tells what has happened to the clock since.
    posts = post_log(conn, account_id, now) if ages is None else _true_log(conn, account_id, now, ages)
    queue = waiting(conn, account, now)
    if not queue:
        return Claim(None, conn.execute(_NEXT_HELD_BACK, {"account_id": account_id, "now": now}).scalar())
    if account.blocked_until is not None and conn.execute(_BEING_SENT, {"account_id": account_id}).scalar_one():
        # After a block or a pause one request tries whether it is over, before others follow.
        return Claim(None, None)
    state = tags(conn, account)
    log = Log(posts)
    turn = next_turn(queue, state, log, budget(conn, account, queue, now), now)
    if turn is None or turn.at > now:
        return Claim(None, None if turn is None else turn.at)
    flow = turn.flow
    key = _sendable(account, now) | {"guild_id": flow.guild_id, "member_id": flow.member_id}
    job_id = str(conn.execute(_OLDEST, key).scalar_one())
    jobs.transition(
        conn, job_id, JobState.QUEUED, JobState.SUBMITTING, "being sent", now, attempt_at=None,
        due_at=now + lease_seconds, lease_owner=owner,
    )  # fmt: skip
    conn.execute(_LOG_POST, {"account_id": account_id, "job_id": job_id, "at": now})
    _store_turn(conn, account_id, flow, state)
    return Claim(jobs.find(conn, job_id), now)


def _true_log(conn: Connection, account_id: int, now: float, ages: PostAges) -> list[Post]:
    oldest_id = _ID_MAX if ages.oldest_id is None else ages.oldest_id
    return ages.true_log(_logged(conn, account_id, now, oldest_id), now)


def fence(
    conn: Connection, job: Job, owner: str, lease_seconds: float, age_seconds_max: float, now: float
) -> Job | None:
    """Make sure, at the moment of sending, that the job is still ours to send; return it as it is then.

    Only one claim can pass: a job without `attempt_at` was not sent since it was claimed, a job that was taken over is
    not the owner's, and a claim that is older than `age_seconds_max` is given up. The POST counts from now on. None
    means that nothing may be sent.
    """
    lease = {"until": now + lease_seconds, "due_since": now + lease_seconds - age_seconds_max}
    if conn.execute(_FENCE, {"job": job.id, "owner": owner, "now": now, **lease}).rowcount != 1:
        return None
    conn.execute(_POST_LEAVES, {"account": job.account_id, "job": job.id, "now": now})
    return jobs.find(conn, job.id)


def _store_turn(conn: Connection, account_id: int, turn: Waiting, state: Tags) -> None:
    conn.execute(_SET_CLOCK, {"account": account_id, "new_clock": state.clock})
    guild = state.guilds[turn.guild_id]
    member_finish = state.members[turn.guild_id, turn.member_id]
    key = {"account_id": account_id, "guild_id": turn.guild_id}
    conn.execute(_STORE_TAGS, [
        {**key, "member_id": 0, "finish": guild.finish, "clock": guild.clock},
        {**key, "member_id": turn.member_id, "finish": member_finish, "clock": 0.0},
    ])  # fmt: skip


def post_arrived_by(conn: Connection, job: Job, moment: float) -> None:
    """Have a job's last POST count from `moment`, the latest at which it can have arrived."""
    conn.execute(_ARRIVED_BY, {"account": job.account_id, "job": job.id, "moment": moment})


def unlog_post(conn: Connection, job: Job) -> None:
    """Give the slot of a job's last POST back: it is known never to have reached the provider."""
    conn.execute(_UNLOG_POST, {"account": job.account_id, "job": job.id})


def forget(conn: Connection, now: float) -> None:
    """Drop what no decision needs any more: POSTs of another day, and tags that the clocks have passed."""
    conn.execute(_FORGET_POSTS, {"until": now - SHARING_SECONDS})
    conn.execute(_FORGET_TAGS)
